import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';

export const deviceNodesCheck: Check = {
  id: 'device-nodes',
  title: 'Device files',
  group: 'gpu',
  needs: ['linux', 'driver'],
  stopsGpu: true,
  run: ({ facts: { driver, platform } }) => {
    const { deviceNodes } = driver;
    const paths = deviceNodes.map(({ path }) => path);
    if (platform.isWsl || driver.kernelModule === 'tegra' || platform.isGvisor) {
      return { status: 'skip', summary: 'They are of another kind here.' };
    }
    const wanted = [
      ['/dev/nvidia0', paths.some((path) => /^\/dev\/nvidia\d+$/.test(path))],
      ['/dev/nvidiactl', paths.includes('/dev/nvidiactl')],
      ['/dev/nvidia-uvm', paths.includes('/dev/nvidia-uvm')],
    ] as const;
    const missing = wanted.flatMap(([path, isThere]) => (isThere ? [] : [path]));
    if (missing.length > 0 && platform.container !== undefined) {
      return {
        status: 'fail',
        summary: `This container lacks ${joinWords(missing)}: CUDA finds no GPU without.`,
        fix: "Start it with NVIDIA's container toolkit, or add the device files with --device.",
        commands: ['docker run --rm --gpus all ubuntu ls /dev | grep nvidia'],
      };
    }
    if (missing.length > 0) {
      return {
        status: 'fail',
        summary: `${joinWords(missing)} is missing: CUDA finds no GPU without.`,
        fix: "Make the device files with the driver's own program.",
        commands: ['sudo nvidia-modprobe -u -c 0'],
      };
    }
    const closed = deviceNodes.filter(
      ({ path, isAccessible }) => !isAccessible && /^\/dev\/nvidia(?:\d+|ctl|-uvm)$/.test(path),
    );
    const [first] = closed;
    if (first === undefined) return { status: 'ok', summary: `${joinWords(paths)}.` };
    return {
      status: 'fail',
      summary: `This user may not open ${joinWords(closed.map(({ path }) => path))}.`,
      fix: 'Become a member of the group that owns them, then log in again.',
      commands: [`sudo usermod -aG "$(stat -c %G ${first.path})" "$USER"`],
    };
  },
};
