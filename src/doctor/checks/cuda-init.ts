import { findCudaError } from '../../compat/cuda-errors.ts';
import type { Check, CheckOutcome } from '../check.ts';

/** They have checks of their own, which say more. */
const explained: Readonly<Record<number, string>> = {
  34: 'libcuda-stub',
  803: 'driver-mismatch',
  804: 'cuda-compat',
};

export const cudaInitCheck: Check = {
  id: 'cuda-init',
  title: 'Start of CUDA',
  group: 'gpu',
  needs: ['driver'],
  stopsGpu: true,
  run: ({ facts: { driver, visibleDevices } }) => {
    const { outcome, message, lastStep, signal, libcuda } = driver.native;
    if (outcome === 'crashed' || outcome === 'timed-out') {
      const how = outcome === 'crashed' ? `died of ${signal ?? 'a signal'}` : 'did not come back';
      return {
        status: 'fail',
        summary: `A process that asked CUDA ${how} in ${lastStep ?? 'an unknown step'}.`,
        fix: 'Look at the log of the kernel, install the driver again, and restart.',
        commands: ['sudo dmesg | grep -i -E "nvrm|xid"'],
      };
    }
    if (libcuda === undefined || !libcuda.isLoaded || libcuda.initResult === undefined) {
      return { status: 'skip', summary: message ?? 'CUDA was not started.' };
    }
    const { initResult, deviceCount } = libcuda;
    if (initResult !== 0) {
      const see = explained[initResult];
      if (see !== undefined) return { status: 'skip', summary: `Error ${initResult}: see ${see}.` };
      if (initResult === 100 && visibleDevices.effect === 'none') {
        return { status: 'skip', summary: 'CUDA_VISIBLE_DEVICES hides every GPU.' };
      }
      return describeFailure(initResult, libcuda.initErrorName);
    }
    const count = deviceCount === undefined ? '' : `, and counts ${deviceCount} GPU(s)`;
    return { status: 'ok', summary: `cuInit succeeds${count}.` };
  },
};

function describeFailure(number: number, name: string | undefined): CheckOutcome {
  const text = findCudaError(number)?.text ?? name ?? 'unknown error';
  const summary = `cuInit fails with error ${number}: ${text.replace(/\.$/, '')}.`;
  // CUDA_ERROR_UNKNOWN is what a missing nvidia_uvm gives, as after a suspend.
  if (number === 999 || number === 101) {
    return {
      status: 'fail',
      summary,
      fix: "Load the driver's module for CUDA again.",
      commands: ['sudo rmmod nvidia_uvm; sudo modprobe nvidia_uvm'],
    };
  }
  return {
    status: 'fail',
    summary,
    fix: 'Look at the log of the kernel, and see that the driver knows this GPU.',
    commands: ['sudo dmesg | grep -i nvrm'],
  };
}
