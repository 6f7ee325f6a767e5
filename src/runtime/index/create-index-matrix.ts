import { createMatrix, matrixDrivers, matrixGpus } from '../../compat/create-matrix.ts';
import { isCapabilityKnown } from '../../compat/find-capability-support.ts';
import type { HostDevice } from '../../compat/host-device.ts';
import { parseTarget, resolveTarget } from '../../compat/parse-target.ts';
import { formatComputeCapability } from '../../units/compute-capability.ts';
import type { BundleArch, BundleSystem } from '../bundle/bundle-manifest.ts';
import { findBundleOutcome } from '../bundle/bundle-outcome.ts';
import type { BundleIndex, IndexedBundle } from './bundle-index.ts';

export interface IndexMatrixOptions {
  /** @defaultValue 'linux' */
  readonly os?: BundleSystem | undefined;
  /** @defaultValue 'x64' */
  readonly arch?: BundleArch | undefined;
}

/** What an index has for one GPU with one driver. */
export interface IndexCell {
  readonly outcome: 'native' | 'jit' | 'none';
  /** The best bundle. */
  readonly bundle: string | undefined;
  /** False where the driver does not know the GPU. */
  readonly isReal: boolean;
}

/** What an index has for many GPUs and drivers. */
export interface IndexMatrix {
  readonly os: BundleSystem;
  readonly arch: BundleArch;
  readonly drivers: readonly { readonly version: string; readonly cuda: string }[];
  readonly rows: readonly {
    readonly gpu: string;
    readonly capability: string;
    readonly cells: readonly IndexCell[];
  }[];
}

/** Looks for the best bundle for every pair of a GPU and a driver. */
export function createIndexMatrix(
  { bundles }: BundleIndex,
  { os = 'linux', arch = 'x64' }: IndexMatrixOptions = {},
): IndexMatrix {
  const candidates = bundles.filter((bundle) => bundle.os === os && bundle.arch === arch);
  const { drivers } = createMatrix({ fatbins: [] }, { gpus: [], os });
  const rows = matrixGpus.map((gpu) => {
    const devices = matrixDrivers[os].map((driver) => readDevice(gpu, { driver, os }));
    const [first] = devices;
    return {
      gpu,
      capability: formatComputeCapability(first?.gpu.capability ?? 0),
      cells: devices.map((device) => createCell(candidates, device)),
    };
  });
  return { os, arch, drivers, rows };
}

/** The best bundle for a device: one that runs as it is before one that has to be compiled, and the first of equals. */
export function createCell(bundles: readonly IndexedBundle[], device: HostDevice): IndexCell {
  const { gpu, driver } = device;
  const isReal = isCapabilityKnown(gpu.capability, driver.cudaVersion);
  const outcomes = bundles.map((bundle) => findBundleOutcome(bundle, device));
  for (const outcome of ['native', 'jit'] as const) {
    const bundle = bundles[outcomes.indexOf(outcome)];
    if (bundle !== undefined) return { outcome, bundle: bundle.name, isReal };
  }
  return { outcome: 'none', bundle: undefined, isReal };
}

/** A Jetson's driver version does not tell its CUDA version: here only whether there is code for it counts. */
function readDevice(
  gpu: string,
  { driver, os }: { readonly driver: string; readonly os: BundleSystem },
): HostDevice {
  const text = `driver=${driver}`;
  return resolveTarget({ ...parseTarget(text), gpu: parseTarget(gpu).gpu, os }, text);
}
