import type { Check } from '../check.ts';

export const operatingSystemCheck: Check = {
  id: 'operating-system',
  title: 'Operating system',
  group: 'platform',
  run: ({ facts: { platform } }) => {
    const { arch, container, service, ci, isGvisor } = platform;
    const name = platform.osName ?? platform.platform;
    const where = [container, service, ci, isGvisor ? 'gVisor' : undefined].filter(
      (word) => word !== undefined,
    );
    const summary = [name, arch, ...where].join(', ');
    const isKnown = ['linux', 'win32', 'darwin'].includes(platform.platform);
    if (isKnown && ['x64', 'arm64'].includes(arch)) return { status: 'ok', summary: `${summary}.` };
    return {
      status: 'fail',
      summary: `${summary}: llama.cpp and NVIDIA's drivers are not made for it.`,
      fix: 'Use Linux or Windows on x64 or arm64.',
    };
  },
};
