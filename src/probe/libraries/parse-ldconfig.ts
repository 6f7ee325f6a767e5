/** ldconfig's words for the processors that Node knows. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86-64', arm64: 'AArch64' };
const LINE_LIMIT = 50_000;

/**
 * Reads `ldconfig -p`: `libcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1`, in the order of the cache. Lines
 * of other processors are passed over.
 */
export function parseLdconfig(text: string, arch: string): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, string[]>();
  const wanted = architectures[arch];
  for (const line of text.split('\n').slice(0, LINE_LIMIT)) {
    const match = /^\s+(\S{1,200}) \(([^()]{1,100})\) => (\/\S{1,1000})$/.exec(line);
    const [, soname, kind, path] = match ?? [];
    if (soname === undefined || kind === undefined || path === undefined) continue;
    if (wanted !== undefined && !kind.split(/, ?/).includes(wanted)) continue;
    const known = paths.get(soname);
    if (known === undefined) paths.set(soname, [path]);
    else known.push(path);
  }
  return paths;
}
