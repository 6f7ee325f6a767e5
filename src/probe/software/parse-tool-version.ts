/**
 * The version in what a program prints for `--version`: the first number of its first line that is not in parentheses,
 * where distributions put their own: `gcc (Debian 12.2.0-14) 12.2.0`, `gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)`.
 */
export function parseToolVersion(output: string): string | undefined {
  const line = output.slice(0, 4000).split('\n', 1)[0] ?? '';
  const plain = line.slice(0, 300).replaceAll(/\([^()]*\)/g, ' ');
  return /(?:^|[\sv])(\d{1,5}(?:\.\d{1,6}){1,3})(?![\d.])/.exec(plain)?.[1];
}

/** `Cuda compilation tools, release 12.5, V12.5.82`. */
export function parseNvccVersion(output: string): string | undefined {
  const match = /release (\d{1,2}\.\d{1,2})(?:, V(\d{1,2}\.\d{1,2}\.\d{1,4}))?/.exec(
    output.slice(0, 4000),
  );
  return match?.[2] ?? match?.[1];
}
