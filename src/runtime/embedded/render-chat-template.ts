import { ChildFailure } from './child-failure.ts';
import type { Jinja } from './node-llama-cpp.ts';

export interface ChatTemplateValues {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly bosToken: string;
  readonly eosToken: string;
}

/**
 * Renders a model's own chat template up to where its answer begins, as llama-server does. Text of
 * users is not set apart: a special token written in a message counts as one there, too.
 */
export function renderChatTemplate(
  jinja: Jinja,
  template: string,
  values: ChatTemplateValues,
): string {
  try {
    return new jinja.Template(template).render({
      messages: values.messages,
      bos_token: values.bosToken,
      eos_token: values.eosToken,
      add_generation_prompt: true,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ChildFailure({ code: 'CHAT_TEMPLATE_FAILED', message });
  }
}
