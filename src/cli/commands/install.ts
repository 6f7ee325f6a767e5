import type { HostDevice } from '../../compat/host-device.ts';
import { parseTarget, resolveTarget } from '../../compat/parse-target.ts';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand, type FlagValues } from '../command.ts';
import { formatInstall, formatPlan } from '../output/format-install.ts';
import type { InstallPlan } from '../../runtime/server/plan-install.ts';
import type { InstalledServer } from '../../runtime/server/install-runtime.ts';

const flags = {
  gpu: {
    type: 'string',
    choices: ['auto', 'off'],
    summary: 'off: a runtime for the processor, on purpose',
  },
  for: {
    type: 'string',
    placeholder: 'target',
    summary: 'with --dry-run: judge for this GPU and driver, not for this machine',
  },
  dryRun: { type: 'boolean', summary: 'only judge the candidates; download nothing' },
  index: {
    type: 'list',
    placeholder: 'location',
    summary: 'https URL or folder, instead of those of config.json; may be given again',
  },
  publicKey: {
    type: 'string',
    placeholder: 'key',
    summary: 'ed25519:..., which signs the indexes given with --index',
  },
} as const;

type Result =
  | { readonly kind: 'plan'; readonly plan: InstallPlan }
  | { readonly kind: 'installed'; readonly installed: InstalledServer };

export const installCommand: AnyCommand = defineCommand({
  name: 'install',
  summary: 'install the llama-server that runs on this machine, and activate it',
  arguments: [
    {
      name: 'spec',
      summary: 'archive, folder, or a bundle of an index such as b6000; the best one without it',
    },
  ],
  flags,
  examples: [
    { line: 'llcuda install --dry-run', does: 'which bundles there are, and how each would run' },
    {
      line: 'llcuda install --dry-run --for t4,driver=550.54.15',
      does: 'which one a machine like that would get',
    },
    { line: 'llcuda install', does: 'the best one for the GPUs and the driver of this machine' },
    { line: 'llcuda install ./llama-b6000-cuda12.tar.gz', does: 'an archive, without a network' },
  ],
  async run({ args: [spec], flags: values }, { host, fetch, signal, onProgress }): Promise<Result> {
    const { gpu } = values;
    const device = values.for === undefined ? undefined : readDevice(values.for, values.dryRun);
    const options = { host, fetch, signal, onProgress, gpu, indexes: readIndexes(values) };
    if (values.dryRun !== true) {
      const { installRuntime } = await import('../../runtime/server/install-runtime.ts');
      return { kind: 'installed', installed: await installRuntime(spec, options) };
    }
    const { previewInstall } = await import('../../runtime/server/preview-install.ts');
    const plan = await previewInstall(spec, { ...options, for: device });
    if (plan !== undefined) return { kind: 'plan', plan };
    throw new LlcudaError('USAGE_INVALID', '--dry-run is for indexes, not for a file or folder', {
      detail: { argument: '--dry-run' },
      hint: `Run \`llcuda inspect ${spec ?? 'FILE'} --for host\`.`,
    });
  },
  document: (result) =>
    result.kind === 'plan'
      ? describePlan(result.plan)
      : {
          runtime: result.installed.runtime,
          previous: result.installed.previous ?? null,
          wasPresent: result.installed.wasPresent,
        },
  render: (result, { columns }) =>
    result.kind === 'plan'
      ? formatPlan(result.plan, columns)
      : formatInstall(result.installed, columns),
  exitCode: (result) => (result.kind === 'plan' && result.plan.chosen === undefined ? 1 : 0),
});

function readDevice(text: string, isDryRun: boolean | undefined): HostDevice {
  if (isDryRun === true) return resolveTarget(parseTarget(text), text);
  throw new LlcudaError('USAGE_INVALID', '--for means nothing without --dry-run', {
    detail: { argument: '--for' },
    hint: 'Add --dry-run: a runtime is installed for this machine only.',
  });
}

function readIndexes({
  index,
  publicKey,
}: FlagValues<typeof flags>):
  | readonly { readonly location: string; readonly publicKey: string | undefined }[]
  | undefined {
  return index?.map((location) => ({ location, publicKey }));
}

function describePlan({ chosen, ranked }: InstallPlan): unknown {
  return {
    chosen: chosen?.bundle.name ?? null,
    candidates: ranked.map(({ bundle, index, outcome, judgement }) => ({
      name: bundle.name,
      file: bundle.file,
      sizeBytes: bundle.sizeBytes,
      index: index.location,
      outcome,
      ...(judgement !== undefined && { judgement }),
    })),
  };
}
