import type { ListedModel } from '../../model/list-models.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { formatTable } from '../output/format-table.ts';

export const modelsCommand: AnyCommand = defineCommand({
  name: 'models',
  summary: 'list the models of the registry',
  arguments: [],
  flags: {
    downloaded: { type: 'boolean', summary: 'only those on this machine' },
  },
  examples: [
    { line: 'llcuda models', does: 'names, sizes, licences, and what is on this machine' },
    { line: 'llcuda models --json', does: 'all that the registry holds, for scripts' },
  ],
  async run({ flags }, { host }) {
    // Imported here: other commands, and the help, start without it.
    const { listModels } = await import('../../model/list-models.ts');
    const models = await listModels({ host });
    const shown = models.filter(({ path }) => flags.downloaded !== true || path !== undefined);
    return {
      models: shown.map(({ entry, path }) => Object.assign({}, entry, { path: path ?? null })),
    };
  },
  render: ({ models }) =>
    models.length === 0
      ? 'No model is on this machine yet. `llcuda pull NAME` fetches one.\n'
      : `${renderTable(models)}\n`,
});

type Row = ListedModel['entry'] & { readonly path: string | null };

function renderTable(models: readonly Row[]): string {
  return formatTable(
    [
      { title: 'NAME' },
      { title: 'TASK' },
      { title: 'QUANT' },
      { title: 'SIZE', align: 'right' },
      { title: 'LICENCE' },
      { title: 'HERE' },
    ],
    models.map((model) => [
      model.name,
      model.task,
      model.quantization,
      formatBytes(model.sizeBytes),
      model.gated ? `${model.license} (gated)` : model.license,
      model.path === null ? '-' : 'yes',
    ]),
  );
}
