import type { KnownError } from './known-error.ts';
import { backendErrors } from './known-errors/backend.ts';
import { buildErrors } from './known-errors/build.ts';
import { contextErrors } from './known-errors/context.ts';
import { cudaErrors } from './known-errors/cuda.ts';
import { driverErrors } from './known-errors/driver.ts';
import { embeddedErrors } from './known-errors/embedded.ts';
import { gpuCodeErrors } from './known-errors/gpu-code.ts';
import { hubErrors } from './known-errors/hub.ts';
import { loaderErrors } from './known-errors/loader.ts';
import { modelErrors } from './known-errors/model.ts';
import { serverErrors } from './known-errors/server.ts';

/** A part of the catalogue, as the reference has it. */
export interface KnownErrorGroup {
  readonly title: string;
  readonly errors: readonly KnownError[];
}

/** Every message that llcuda knows. On one line the earlier entry comes first. */
export const knownErrorGroups: readonly KnownErrorGroup[] = [
  { title: 'GPU code', errors: gpuCodeErrors },
  { title: 'Driver and containers', errors: driverErrors },
  { title: 'CUDA at run time', errors: cudaErrors },
  { title: 'Starting and ending programs', errors: loaderErrors },
  { title: 'llama.cpp and its backends', errors: backendErrors },
  { title: 'Model files', errors: modelErrors },
  { title: 'Contexts and templates', errors: contextErrors },
  { title: 'llama-server', errors: serverErrors },
  { title: 'Downloads and the network', errors: hubErrors },
  { title: 'Building llama.cpp', errors: buildErrors },
  { title: 'node-llama-cpp and llcuda', errors: embeddedErrors },
];

export const knownErrors: readonly KnownError[] = knownErrorGroups.flatMap(({ errors }) => errors);
