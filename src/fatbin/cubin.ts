import type { ImageTarget } from './fatbin-image.ts';

/** A CUDA release, as `13.1`. */
export interface ToolkitVersion {
  readonly major: number;
  readonly minor: number;
}

/** What the ELF headers and notes of a cubin say. */
export interface Cubin {
  /** 7 up to CUDA 12.x, 8 from CUDA 13.0; CUDA 12.9 (and likely 12.8) writes 8 for sm_100 and up, 7 below. */
  readonly abi: number;
  readonly target: ImageTarget;
  /** That of ptxas. */
  readonly toolkit: ToolkitVersion | undefined;
  /** Only from ABI 8 on, as `V13.0.88`. */
  readonly toolVersion: string | undefined;
  /** Of ptxas; only from ABI 8 on. */
  readonly options: string | undefined;
  /** Compiled with `-G`. */
  readonly isDebug: boolean;
  /** Written by nvcc's device link to hold nothing. */
  readonly isStub: boolean;
}
