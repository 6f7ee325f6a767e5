import type { Check } from '../check.ts';
import { quote } from '../describe-llama-build.ts';

export const nvidiaSmiCheck: Check = {
  id: 'nvidia-smi',
  title: 'nvidia-smi',
  group: 'gpu',
  needs: ['driver'],
  run: ({ facts: { driver, platform } }) => {
    const { outcome, command, message, driverVersion } = driver.smi;
    const said = message === undefined ? '' : `: ${message}`;
    switch (outcome) {
      case 'answered':
        return { status: 'ok', summary: `It names driver ${driverVersion ?? '(not told)'}.` };
      case 'skipped':
        return { status: 'skip', summary: 'Its library, NVML, answered in its place.' };
      case 'not-found':
        return platform.jetson !== undefined || platform.container !== undefined
          ? { status: 'skip', summary: 'It is not here; nothing of llama.cpp needs it.' }
          : {
              status: 'warn',
              summary: 'nvidia-smi is not on the PATH.',
              fix: 'Install the utilities of the driver, or add their folder to PATH.',
              commands: ['ls /usr/bin/nvidia-smi /usr/lib/wsl/lib/nvidia-smi'],
            };
      case 'mismatch':
        return { status: 'skip', summary: 'It says what driver-mismatch says.' };
      case 'no-devices':
      case 'failed':
      case 'unreadable':
        return {
          status: 'warn',
          summary: `nvidia-smi gives no answer${said}`.replace(/\.?$/, '.'),
          fix: 'Look at what it says, and at the log of the kernel.',
          commands: [quote(command ?? 'nvidia-smi'), 'sudo dmesg | grep -i -E "nvrm|nvidia"'],
        };
      case 'timed-out':
        return {
          status: 'fail',
          summary: 'nvidia-smi hangs: the driver does not answer.',
          fix: 'Look for Xid errors in the log of the kernel, and restart the machine.',
          commands: ['sudo dmesg | grep -i xid'],
        };
      default:
        return outcome satisfies never;
    }
  },
};
