import type { Check } from '../check.ts';
import { createInstallCommand } from '../install-command.ts';

export const nouveauCheck: Check = {
  id: 'nouveau',
  title: 'nouveau',
  group: 'gpu',
  needs: ['linux', 'gpu'],
  stopsGpu: true,
  run: ({ facts: { driver, platform } }) => {
    if (driver.kernelModule !== 'nouveau') {
      return { status: 'ok', summary: 'nouveau does not drive the GPU.' };
    }
    return {
      status: 'fail',
      summary: 'The GPU is driven by nouveau, which has no CUDA.',
      fix: "Install NVIDIA's driver, which keeps nouveau from loading, and restart.",
      commands: [
        platform.osId === 'ubuntu'
          ? 'sudo ubuntu-drivers install && sudo reboot'
          : `${createInstallCommand(platform, { apt: 'nvidia-driver', dnf: 'nvidia-driver-cuda', pacman: 'nvidia-open nvidia-utils' })} && sudo reboot`,
      ],
    };
  },
};
