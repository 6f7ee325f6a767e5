import type { Check } from '../check.ts';
import { createInstallCommand } from '../install-command.ts';

export const driverLoadedCheck: Check = {
  id: 'driver-loaded',
  title: 'NVIDIA driver',
  group: 'gpu',
  needs: ['gpu'],
  stopsGpu: true,
  run: ({ facts: { driver, platform } }) => {
    const { kernelModule, version, kernelModuleFlavour } = driver;
    if (kernelModule === 'nouveau') {
      return { status: 'skip', summary: 'nouveau is loaded in its place: see nouveau.' };
    }
    if (kernelModule !== 'none') {
      const flavour =
        kernelModuleFlavour === undefined ? '' : `, ${kernelModuleFlavour} kernel module`;
      const name = kernelModule === 'tegra' ? "Jetson's driver" : 'Driver';
      return { status: 'ok', summary: `${name} ${version ?? '(version not told)'}${flavour}.` };
    }
    if (platform.container !== undefined) {
      return {
        status: 'fail',
        summary: "There is a GPU on the bus, but its driver is not in this container's reach.",
        fix: "Start the container with NVIDIA's container toolkit: `--gpus all`.",
        commands: ['docker run --rm --gpus all ubuntu nvidia-smi'],
      };
    }
    // An installed driver that does not load was mostly built for another kernel.
    if (driver.userVersion !== undefined) {
      return {
        status: 'fail',
        summary: `Driver ${driver.userVersion} is installed, but its kernel module is not loaded.`,
        fix: 'Load the module; if it is not there, install the driver again for this kernel.',
        commands: ['sudo modprobe nvidia'],
      };
    }
    return {
      status: 'fail',
      summary: 'There is an NVIDIA GPU, and no driver for it.',
      fix: "Install NVIDIA's driver and restart.",
      commands: [
        platform.osId === 'ubuntu'
          ? 'sudo ubuntu-drivers install'
          : createInstallCommand(platform, {
              apt: 'nvidia-driver',
              dnf: 'nvidia-driver-cuda',
              pacman: 'nvidia-open nvidia-utils',
            }),
      ],
    };
  },
};
