import type { ComputeCapability } from '../units/compute-capability.ts';

/** `native`: runs as it is. `jit`: runs after the driver has compiled PTX. `fail`: does not run. */
export type Outcome = 'native' | 'jit' | 'fail';

/** Why something fails: finer than the CUDA error, and there where CUDA has none. */
export type FailureCause =
  | 'libraries-missing'
  | 'driver-is-stub'
  | 'driver-below-runtime'
  | 'forward-compat-unsupported'
  | 'gpu-unknown-to-driver'
  | 'compression-unreadable'
  | 'concatenation-unreadable'
  | 'jit-disabled'
  | 'jit-compiler-missing'
  | 'ptx-unreadable'
  | 'ptx-too-new'
  | 'no-image';

/** The PTX that the driver has to compile before the first use of its kernels. */
export interface JitCost {
  /** Bytes of PTX text. */
  readonly ptxBytes: number;
  /** An estimate for one processor core; lazy loading spreads it, and the driver's cache keeps the result. */
  readonly estimatedSeconds: number;
}

/** Whether GPU code runs on a host, and if not, why and what to do. */
export interface Verdict {
  readonly outcome: Outcome;
  /** The number that the CUDA runtime reports; null unless `fail`, and where the loader fails before CUDA. */
  readonly cudaError: number | null;
  /** `cudaErrorUnsupportedPtxVersion`; null together with `cudaError`. */
  readonly cudaErrorName: string | null;
  /** `undefined` unless `fail`. */
  readonly cause: FailureCause | undefined;
  /** One sentence that names the target, the GPU and the driver. */
  readonly reason: string;
  /** The lowest driver on this operating system with which everything else works as it is. `undefined`: none, or a Tegra host. */
  readonly minimumDriver: string | undefined;
  /** The CUDA version of that driver; also for Tegra, where driver versions count otherwise. */
  readonly minimumCuda: string | undefined;
  /** Capabilities of the GPU table on which it runs with this driver as it is: Tegra's on a Tegra host, the others elsewhere. */
  readonly worksOn: readonly ComputeCapability[];
  /** One imperative sentence. `undefined` unless `fail`. */
  readonly fix: string | undefined;
  /** `undefined` unless `jit`. */
  readonly jit: JitCost | undefined;
}

/** The verdict on a file: that of the worst of its fatbins. `none`: it holds no GPU code. */
export interface FileVerdict extends Omit<Verdict, 'outcome'> {
  readonly outcome: Outcome | 'none';
  /** Fatbins that were judged: stubs and device-link inputs are not. */
  readonly judgedFatbins: number;
  /** How many of them have this outcome, and this CUDA error where they fail. */
  readonly affectedFatbins: number;
}
