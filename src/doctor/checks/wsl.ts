import type { Check } from '../check.ts';
import { findFolder, findLibrary } from '../find-library.ts';

export const wslCheck: Check = {
  id: 'wsl',
  title: 'WSL',
  group: 'platform',
  run: ({ facts }) => {
    const { isWsl, kernel = '' } = facts.platform;
    if (!isWsl) return { status: 'skip', summary: 'This is not WSL.' };
    // WSL 1 has no kernel of its own: it answers with 4.4.0-19041-Microsoft.
    if (/^4\.4\.\d+-\d+-Microsoft/.test(kernel)) {
      return {
        status: 'fail',
        summary: 'This is WSL 1, which has no GPU.',
        fix: 'Convert the distribution to WSL 2, in PowerShell.',
        commands: ['wsl --set-version DISTRIBUTION 2'],
      };
    }
    const { loaded, copies } = findLibrary(facts, 'libcuda.so.1');
    const foreign = copies.find(({ path, kind }) => kind === 'normal' && !path.includes('/wsl/'));
    if (foreign !== undefined && loaded !== undefined && !loaded.path.includes('/wsl/')) {
      return {
        status: 'fail',
        summary: `A Linux driver is installed in WSL: ${findFolder(foreign)} hides /usr/lib/wsl/lib.`,
        fix: "Remove it: in WSL the driver is Windows'.",
        commands: ["sudo apt-get purge -y 'nvidia-driver-*' 'libnvidia-compute-*'"],
      };
    }
    if (copies.length === 0) {
      return {
        status: 'warn',
        summary: "Windows' driver is not in WSL: /usr/lib/wsl/lib has no libcuda.so.1.",
        fix: "Install NVIDIA's driver in Windows, then restart WSL.",
        commands: ['wsl.exe --update && wsl.exe --shutdown'],
      };
    }
    return {
      status: 'ok',
      summary:
        "WSL 2, with the driver of Windows. It has half of the machine's memory, unless .wslconfig says more.",
    };
  },
};
