// Debian packages through an apt of its own: lists, cache and sources are in the cache folder. The mirror and the
// keyring are the machine's; only the component differs. Nothing is installed.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findCacheFolder, hashFile } from './cache.mjs';
import { runCommand } from './run-command.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Downloads an item's packages and unpacks its files into `content`. apt checks each against the signed lists. */
export async function fetchDebian(item, content, staging) {
  const packages = [];
  for (const { name, suite } of item.packages) {
    const apt = preparePrivateApt(suite);
    const folder = join(staging, name);
    mkdirSync(folder);
    runCommand('apt-get', [...apt, 'download', '-qq', name], { cwd: folder });
    const [file] = readdirSync(folder);
    const path = join(folder, file);
    const sha256 = await hashFile(path);
    unpack(path, content, item.files);
    packages.push({ name, version: basename(file).split('_')[1].replaceAll('%3a', ':'), sha256 });
  }
  return packages;
}

/** One apt a suite, so that a suite which left the mirror takes no other with it. */
function preparePrivateApt(suite) {
  const root = join(findCacheFolder(), '.apt', suite);
  const config = join(root, 'apt.conf');
  const apt = ['-c', config];
  if (preparedSuites.has(suite)) return apt;
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const { repository, keyring } = findMirror();
  writeFileSync(join(root, 'status'), '');
  writeFileSync(
    join(root, 'sources.list'),
    `deb [arch=amd64 signed-by=${keyring}] ${repository} ${suite} non-free\n`,
  );
  // Read after the machine's own configuration, whose proxy and certificates stay; its hooks do not.
  const settings = [
    `Dir::State "${root}/"`,
    `Dir::State::lists "${root}/lists/"`,
    `Dir::State::status "${root}/status"`,
    `Dir::Cache "${root}/cache/"`,
    `Dir::Etc::sourcelist "${root}/sources.list"`,
    'Dir::Etc::sourceparts "-"',
    'Dir::Etc::preferencesparts "-"',
    'APT::Architecture "amd64"',
    'APT::Sandbox::User "root"',
    'Acquire::Languages "none"',
    'Acquire::Retries "2"',
  ];
  const hooks = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'];
  const clears = hooks.map((hook) => `#clear APT::Update::${hook}`);
  writeFileSync(config, [...settings, ...clears].map((line) => `${line};\n`).join(''));
  runCommand('apt-get', [...apt, 'update', '-qq', '-o', 'APT::Update::Error-Mode=any']);
  preparedSuites.add(suite);
  return apt;
}

const preparedSuites = new Set();

/** The repository that the machine takes Debian's `main` from, and the key that it trusts for it. */
function findMirror() {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)';
  const targets = runCommand('apt-get', [
    'indextargets',
    '--no-release-info',
    '--format',
    format,
    'Created-By: Packages',
  ]);
  const rows = targets.split('\n').map((line) => line.split('|'));
  const main = rows.find(
    ([, release, component]) => component === 'main' && /^[a-z]+$/.test(release ?? ''),
  );
  if (main === undefined) throw new Error("this machine's apt has no source of Debian's main");
  const signedBy = main[3]?.startsWith('/') ? main[3] : KEYRING;
  if (!existsSync(signedBy)) throw new Error(`${signedBy} is missing: debian-archive-keyring`);
  return { repository: main[0], keyring: signedBy };
}

function unpack(path, content, files) {
  const tar = `dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards --no-same-owner`;
  // tar fails on a pattern without a match; each package of an item has some of the files.
  const names = runCommand('dpkg-deb', ['--contents', path])
    .split('\n')
    .map((line) => line.split(/\s+/)[5] ?? '');
  const wanted = files.filter((file) => names.some((name) => toPattern(file).test(name)));
  if (wanted.length === 0) throw new Error(`${basename(path)} has none of ${files.join(', ')}`);
  runCommand('bash', [
    '-o',
    'pipefail',
    '-c',
    `${tar} "\${@:3}"`,
    'bash',
    path,
    content,
    ...wanted,
  ]);
}

function toPattern(glob) {
  const escaped = glob.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*')}$`);
}
