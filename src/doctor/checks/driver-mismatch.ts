import type { Check } from '../check.ts';

export const driverMismatchCheck: Check = {
  id: 'driver-mismatch',
  title: 'Kernel and libraries of one driver',
  group: 'gpu',
  needs: ['driver'],
  stopsGpu: true,
  run: ({ facts: { driver, platform } }) => {
    const { kernelVersion, userVersion, isMismatched } = driver;
    if (!isMismatched) {
      const version = kernelVersion ?? userVersion ?? driver.version;
      const shown = version === undefined ? '' : `: ${version}`;
      return { status: 'ok', summary: `The kernel module and the libraries fit${shown}.` };
    }
    const kernel = `the kernel module is of ${kernelVersion ?? 'another driver'}`;
    const user = `the libraries are of ${userVersion ?? 'another one'}`;
    const summary = `CUDA gives error 803: ${kernel}, ${user}.`;
    if (platform.container !== undefined) {
      return {
        status: 'fail',
        summary,
        fix: "Remove the driver's libraries from the image, so that those of the host are used.",
        commands: ["apt-get purge -y 'libnvidia-compute-*'"],
      };
    }
    return {
      status: 'fail',
      summary,
      fix: 'The driver was updated while it was in use: restart, or load its module again.',
      commands: [
        'sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia_uvm',
      ],
    };
  },
};
