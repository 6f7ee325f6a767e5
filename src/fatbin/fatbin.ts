import type { FatbinImage } from './fatbin-image.ts';

/** One container of images: one translation unit. The driver chooses among its images only, so it is judged by itself. */
export interface Fatbin {
  /** Of the container's header, absolute in the source that was read. */
  readonly offset: number;
  /** Header and entries. */
  readonly sizeBytes: number;
  /** `.nv_fatbin`, `__nv_relfatbin`, `.nv_fatb`; `undefined` for a raw file and for one found by its magic number. */
  readonly section: string | undefined;
  /** The member of an archive that holds it. */
  readonly member: string | undefined;
  /** The extra container that nvcc's device link writes: it has no kernels, so it must not be judged. */
  readonly isStub: boolean;
  readonly images: readonly FatbinImage[];
}
