/**
 * The version of a toolkit as its version.json (11.1 on: `{ "cuda": { "name": "CUDA SDK", "version": "12.5.1" }, ... }`) or
 * version.txt (`CUDA Version 10.2.89`) states it.
 */
export function parseToolkitVersion(text: string): string | undefined {
  const short = text.slice(0, 100_000);
  const json =
    /"cuda"\s{0,8}:\s{0,8}\{[^{}]{0,200}"version"\s{0,8}:\s{0,8}"(\d{1,2}(?:\.\d{1,4}){1,3})"/;
  const plain = /^CUDA Version (\d{1,2}(?:\.\d{1,4}){1,3})\s*$/m;
  return json.exec(short)?.[1] ?? plain.exec(short)?.[1];
}
