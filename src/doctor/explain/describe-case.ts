import { describeBuild } from '../../compat/describe-build.ts';
import { describeDriver, describeGpu } from '../../compat/describe-host.ts';
import { findPtxIsa } from '../../compat/find-ptx-isa.ts';
import type { HostDevice } from '../../compat/host-device.ts';
import { resolveEffectiveDriver } from '../../compat/resolve-effective-driver.ts';
import type { FileReport } from '../../inspect/inspect-report.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import { formatPtxIsaVersion } from '../../units/ptx-isa-version.ts';
import type { LogFacts } from './collect-facts.ts';
import type { KnownError } from './known-error.ts';

export interface CaseContext {
  readonly facts: LogFacts;
  readonly devices: readonly HostDevice[];
  readonly binaries: readonly Pick<FileReport, 'path' | 'images' | 'verdict'>[];
}

/** What a known error means on these devices, with these binaries: full sentences, none where nothing is known. */
export function describeCase(error: KnownError, context: CaseContext): readonly string[] {
  const { cudaError } = error;
  if (cudaError === undefined || !GPU_CODE_ERRORS.has(cudaError)) return [];
  const isJudged = context.binaries.some(({ verdict }) => verdict?.outcome === 'fail');
  return [
    ...describeArchitectures(error, context),
    ...context.binaries.flatMap((binary) => describeBinary(binary, cudaError)),
    ...context.devices.flatMap((device) => describeDevice(device, { cudaError, isJudged })),
  ];
}

/** The errors that the rules of `checkCompatibility` foresee. */
const GPU_CODE_ERRORS: ReadonlySet<number> = new Set([
  34, 35, 98, 100, 200, 209, 221, 222, 223, 804,
]);

/** ARCHS tells what a build was compiled for, not in which form: the trap of a list that names the GPU. */
function describeArchitectures(
  { cudaError }: KnownError,
  { facts }: CaseContext,
): readonly string[] {
  if (cudaError !== 222 && cudaError !== 209) return [];
  const [gpu] = facts.gpus;
  if (gpu?.capability === undefined || facts.architectures.length === 0) return [];
  const name = `${gpu.name} (${formatComputeCapability(gpu.capability)})`;
  const isListed = facts.architectures.includes(String(gpu.capability * 10));
  const list = `ARCHS = ${facts.architectures.join(',')}`;
  if (cudaError === 222 && isListed) {
    return [`${list} names ${name}, but in this build that is PTX, not machine code.`];
  }
  return isListed ? [] : [`${list} has nothing made for ${name}.`];
}

function describeBinary(
  { path, verdict, images }: CaseContext['binaries'][number],
  cudaError: number,
): readonly string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (verdict === undefined) {
    const targets = images.map(
      ({ target, ptxIsa }) => `${target}${ptxIsa === undefined ? '' : ` (PTX ${ptxIsa})`}`,
    );
    return targets.length === 0 ? [] : [`${name} holds ${[...new Set(targets)].join(', ')}.`];
  }
  if (verdict.outcome === 'none') return [];
  const sentences = [`${name}: ${verdict.reason}`];
  if (verdict.outcome === 'fail' && verdict.minimumDriver !== undefined) {
    sentences.push(`It needs driver ${verdict.minimumDriver} or later, as it is.`);
  }
  if (verdict.outcome === 'fail' && verdict.cudaError !== cudaError) {
    sentences.push(
      `That is ${verdict.cudaError === null ? 'not a CUDA error' : `CUDA error ${verdict.cudaError}`}, not the ${cudaError} of the log: it may be of another binary.`,
    );
  }
  if (verdict.outcome !== 'fail') {
    sentences.push('So the log is of another binary, another driver or another GPU.');
  }
  return [sentences.join(' ')];
}

function describeDevice(
  device: HostDevice,
  { cudaError, isJudged }: { readonly cudaError: number; readonly isJudged: boolean },
): readonly string[] {
  const driver = describeDriver(device);
  const gpu = describeGpu(device.gpu);
  if (!BUILD_ERRORS.has(cudaError)) return [`The device is ${gpu}, with ${driver}.`];
  const isa = findPtxIsa(resolveEffectiveDriver(device).cudaVersion);
  const isLimit = cudaError === 222 && isa !== undefined && !isJudged;
  return [
    ...(isLimit ? [`${capitalize(driver)} compiles PTX up to ${formatPtxIsaVersion(isa)}.`] : []),
    `For ${gpu} with ${driver}, take ${describeBuild(device)}.`,
  ];
}

/** The errors that another build does away with. */
const BUILD_ERRORS: ReadonlySet<number> = new Set([98, 200, 209, 222]);

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
