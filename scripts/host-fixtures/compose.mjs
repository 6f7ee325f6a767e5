/** Puts the parts of a host together into a snapshot of it. */
export function composeSnapshot({
  machine,
  sources,
  recorded = [],
  env = {},
  home = '/home/user',
  parts,
}) {
  const merged = { files: {}, folders: {}, entries: {}, commands: {}, binaries: {} };
  const cache = [];
  const paths = [];
  let [arch, coreCount] = ['x64', 4];
  for (const part of parts) {
    const isCommands = Object.values(part).every(
      (value) => value?.stdout !== undefined || value?.stderr !== undefined,
    );
    const tables = isCommands ? { commands: part } : part;
    for (const name of Object.keys(merged)) Object.assign(merged[name], tables[name]);
    cache.push(...(tables.cache ?? []));
    paths.push(...(tables.path ?? []));
    arch = tables.arch ?? arch;
    coreCount = tables.coreCount ?? coreCount;
  }
  const kind = arch === 'x64' ? 'libc6,x86-64' : 'libc6,AArch64';
  const lines = cache.map(([name, path]) => `\t${name} (${kind}) => ${path}`);
  merged.commands['/sbin/ldconfig -p'] = {
    stdout: `${lines.length} libs found in cache \`/etc/ld.so.cache'\n${lines.join('\n')}\n`,
  };
  return {
    schemaVersion: 1,
    origin: { machine, recorded, composed: sources },
    host: {
      platform: 'linux',
      arch,
      homeDirectory: home,
      workingDirectory: home,
      coreCount,
      env: {
        PATH: [
          ...paths,
          '/usr/local/sbin',
          '/usr/local/bin',
          '/usr/sbin',
          '/usr/bin',
          '/sbin',
          '/bin',
        ].join(':'),
        ...env,
      },
    },
    freeBytes: { '/': 60_000_000_000, [home]: 60_000_000_000 },
    ...merged,
  };
}
