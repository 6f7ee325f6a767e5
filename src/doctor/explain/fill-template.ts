/** Values that a text may name. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/** Replaces `{name}` and `{name|words}`; without a value and without words the name itself stands there in capitals. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(
    /\{(\w{1,30})(?:\|([^{}]{0,120}))?\}/g,
    (_, name: string, words: string | undefined) => values[name] ?? words ?? name.toUpperCase(),
  );
}

/** What a shell takes as one plain word: a hostile log must not put anything else into a command to be pasted. */
const PLAIN_WORD = /^[\w.+@:%][\w.+@:%/-]{0,99}$|^\/[\w.+@:%/-]{0,99}$/;

/** As `fillTemplate`, but only with values that mean nothing to a shell. */
export function fillCommand(template: string, values: TemplateValues): string {
  const safe = Object.entries(values).filter(
    ([, value]) => value !== undefined && PLAIN_WORD.test(value),
  );
  return fillTemplate(template, Object.fromEntries(safe));
}
