import type { Check } from '../check.ts';

export const cpuCoresCheck: Check = {
  id: 'cpu-cores',
  title: 'Processor cores',
  group: 'platform',
  run: ({ facts: { processor, environment } }) => {
    const { usableCores, logicalCores, physicalCores = logicalCores } = processor;
    const threads = Math.max(1, Math.floor(usableCores));
    const given = Number(environment.variables['OMP_NUM_THREADS']);
    if (Number.isInteger(given) && given > usableCores) {
      return {
        status: 'warn',
        summary: `OMP_NUM_THREADS is ${given}, and ${usableCores} core(s) may be used: threads wait for each other.`,
        fix: 'Set it to the cores that there are.',
        commands: [`export OMP_NUM_THREADS=${threads}`],
      };
    }
    if (usableCores < Math.min(physicalCores, logicalCores)) {
      return {
        status: 'warn',
        summary: `${usableCores} of ${logicalCores} cores may be used here; llama-server starts a thread for each of them.`,
        fix: 'Tell it how many there are. llcuda does so by itself.',
        commands: [`llama-server -m MODEL.gguf --threads ${threads}`],
      };
    }
    return { status: 'ok', summary: `${usableCores} of ${logicalCores} may be used.` };
  },
};
