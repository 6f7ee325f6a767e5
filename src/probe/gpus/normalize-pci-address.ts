/** `00000000:01:00.0`, `0000:01:00.0`, `01:00.0` and `00000000:01:00` (PCI bus id of CUDA) become `0000:01:00.0`. */
export function normalizePciAddress(text: string | undefined): string | undefined {
  const pattern = /^(?:(?:[0-9a-f]{4})?([0-9a-f]{4}):)?([0-9a-f]{2}):([0-9a-f]{2})(?:\.([0-7]))?$/i;
  const match = pattern.exec(text?.trim() ?? '');
  if (match === null) return undefined;
  const [, domain = '0000', bus = '', device = '', part = '0'] = match;
  return `${domain}:${bus}:${device}.${part}`.toLowerCase();
}
