import type { Check } from '../check.ts';

/** NVML_ERROR_DRIVER_NOT_LOADED and NVML_ERROR_NO_PERMISSION of nvml.h. */
const causes: Readonly<Record<number, string>> = {
  4: 'it may not use the device files',
  9: 'the driver is not loaded',
};

export const nvmlCheck: Check = {
  id: 'nvml',
  title: 'NVML',
  group: 'gpu',
  needs: ['driver'],
  run: ({ facts: { driver } }) => {
    const { nvml, outcome, lastStep } = driver.native;
    if (outcome === 'timed-out' && /nvml/i.test(lastStep ?? '')) {
      return {
        status: 'fail',
        summary: `NVML hangs in ${lastStep}.`,
        fix: 'Look for Xid errors in the log of the kernel, and restart the machine.',
        commands: ['sudo dmesg | grep -i xid'],
      };
    }
    if (driver.kernelModule === 'tegra') return { status: 'skip', summary: 'A Jetson has none.' };
    if (nvml === undefined) return { status: 'skip', summary: 'NVML was not asked.' };
    if (!nvml.isLoaded) {
      return driver.smi.outcome === 'answered'
        ? { status: 'skip', summary: 'NVML is not here; nvidia-smi answered in its place.' }
        : {
            status: 'warn',
            summary: 'libnvidia-ml.so.1 cannot be loaded: nothing tells the free memory of a GPU.',
            fix: 'Install it with the driver, or start the container with utility.',
            commands: ['ldconfig -p | grep libnvidia-ml'],
          };
    }
    if (nvml.initResult === 0 || nvml.initResult === undefined) {
      const count = nvml.deviceCount === undefined ? '' : `, ${nvml.deviceCount} GPU(s)`;
      return { status: 'ok', summary: `It answers: driver ${nvml.driverVersion ?? '?'}${count}.` };
    }
    if (nvml.initResult === 18) return { status: 'skip', summary: 'See driver-mismatch.' };
    const cause = causes[nvml.initResult] ?? nvml.initError ?? 'reason not told';
    return {
      status: 'warn',
      summary: `NVML does not start (error ${nvml.initResult}): ${cause}.`,
      fix: 'Compare the driver that is loaded with the library that is found.',
      commands: ['cat /proc/driver/nvidia/version; ldconfig -p | grep nvidia-ml'],
    };
  },
};
