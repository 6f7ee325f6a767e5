import type { PlatformFacts } from '../probe/facts/platform-facts.ts';

/** A package by its name in Debian and Ubuntu, where others call it otherwise by theirs. */
export interface PackageNames {
  readonly apt: string;
  readonly dnf?: string;
  readonly pacman?: string;
  readonly apk?: string;
}

/** The command that installs a package with the package manager of this host. Debian's where it is not known. */
export function createInstallCommand(
  { osId, isRoot, service }: Pick<PlatformFacts, 'osId' | 'isRoot' | 'service'>,
  { apt, dnf = apt, pacman = apt, apk = apt }: PackageNames,
): string {
  // Notebooks run as root, and have no sudo.
  const sudo = isRoot === true || service !== undefined ? '' : 'sudo ';
  if (/^(?:fedora|rhel|centos|rocky|almalinux|amzn|ol)$/.test(osId ?? '')) {
    return `${sudo}dnf install -y ${dnf}`;
  }
  if (/^(?:arch|manjaro|endeavouros|cachyos)$/.test(osId ?? ''))
    return `${sudo}pacman -S ${pacman}`;
  if (osId === 'alpine') return `${sudo}apk add ${apk}`;
  return `${sudo}apt-get install -y ${apt}`;
}
