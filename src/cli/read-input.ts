/** Prompts longer than this fit no model: reading stops being useful long before. */
const MAX_CHARACTERS = 64_000_000;

/** All of stdin as text. */
export async function readInput(stdin: NodeJS.ReadableStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > MAX_CHARACTERS) break;
  }
  return text + decoder.decode();
}
