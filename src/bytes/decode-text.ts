const decoder = new TextDecoder();

/** Bytes as UTF-8; what is not UTF-8 becomes U+FFFD. The text still holds control characters. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
