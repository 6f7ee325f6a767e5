import { relative } from 'node:path';
import { listJudgedFatbins } from '../../compat/judge-fatbin.ts';
import { createCompatCode } from '../../compat/create-compat-code.ts';
import { describeError } from '../../errors/describe-error.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import type { GpuCode } from '../../fatbin/gpu-code.ts';
import type { Host } from '../../host/host.ts';
import { visitBinaries } from '../../inspect/visit-binaries.ts';
import type { BuildPlan } from '../plan/build-plan.ts';
import { checkBinary } from './check-binary.ts';

export interface GateFinding {
  /** Relative to the folder. */
  readonly file: string;
  readonly reason: string;
}

export interface GateResult {
  /** Binaries that were examined. */
  readonly files: number;
  /** Fatbins that were judged, over all files. */
  readonly fatbins: number;
  readonly findings: readonly GateFinding[];
}

export interface GateOptions {
  readonly plan: Pick<BuildPlan, 'backend' | 'cuda' | 'glibc'>;
  readonly host?: Host | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Examines every binary of a built runtime and says which file is not what was planned. */
export async function checkRuntimeFolder(
  directory: string,
  { plan, host, signal }: GateOptions,
): Promise<GateResult> {
  const binaries: { readonly file: string; readonly code: GpuCode }[] = [];
  const findings: GateFinding[] = [];
  await visitBinaries(directory, { host, signal }, async ({ path, code, error }) => {
    const file = relative(directory, path);
    if (code !== undefined) binaries.push({ file, code });
    // A manifest or a licence beside them is no binary.
    else if (!LlcudaError.is(error, 'BINARY_UNSUPPORTED')) {
      findings.push({ file, reason: `it cannot be read: ${describeError(error).message}` });
    }
  });
  const own = new Set(binaries.flatMap(({ code }) => code.libraries.soname ?? []));
  const fatbins = binaries.reduce(
    (sum, { code }) => sum + listJudgedFatbins(createCompatCode(code)).length,
    0,
  );
  if (plan.cuda !== undefined && fatbins === 0) {
    findings.push({ file: '.', reason: 'no file holds GPU code' });
  }
  for (const { file, code } of binaries) {
    for (const reason of checkBinary(code, { plan, own })) findings.push({ file, reason });
  }
  return { files: binaries.length, fatbins, findings };
}
