import { LlcudaError } from '../../errors/llcuda-error.ts';
import { defineCommand, type AnyCommand } from '../command.ts';
import { runIndexAction, type IndexResult } from '../index/run-index-action.ts';
import { formatIndexResult } from '../output/format-index-result.ts';

const actions = ['add', 'remove', 'sign', 'check', 'keygen'] as const;

export const indexCommand: AnyCommand = defineCommand({
  name: 'index',
  summary: 'keep the index of a folder of bundles; check: exit code 1 for a hole or a fault',
  arguments: [
    { name: 'action', summary: 'add, remove, sign, check or keygen', isRequired: true },
    {
      name: 'folder',
      summary: 'of the bundles; for keygen, the new file of the private key',
      isRequired: true,
    },
    { name: 'file', summary: 'add: archives; remove: names', isVariadic: true },
  ],
  flags: {
    key: { type: 'string', placeholder: 'file', summary: 'sign: the private key' },
    validDays: {
      type: 'integer',
      minimum: 1,
      maximum: 3650,
      summary: 'sign: days until the index expires (90)',
    },
    publicKey: {
      type: 'string',
      placeholder: 'key',
      summary: 'check: the key it must be signed by',
    },
    require: {
      type: 'list',
      placeholder: 'target',
      summary: 'check: there must be a bundle for this GPU and driver; may be given again',
    },
    matrix: { type: 'boolean', summary: 'check: print which GPU with which driver has a bundle' },
    arch: { type: 'string', choices: ['x64', 'arm64'], summary: 'check: of the machines (x64)' },
  },
  examples: [
    { line: 'llcuda index keygen signing-key.pem', does: 'a pair of keys; prints the public one' },
    { line: 'llcuda index add public llama-*.tar.gz', does: 'bundles into public/index.json' },
    { line: 'llcuda index sign public --key signing-key.pem', does: 'signs it for 90 days' },
    {
      line: 'llcuda index check public --matrix --require t4,driver=550.54.15',
      does: 'exit code 1 if a T4 with that driver has no bundle',
    },
  ],
  async run({ args: [text = '', path = '', ...files], flags }, { host, signal }) {
    const action = actions.find((name) => name === text);
    if (action === undefined) {
      throw new LlcudaError('USAGE_INVALID', `${text} is nothing that can be done with an index`, {
        detail: { argument: text },
        hint: `Say one of ${actions.join(', ')}.`,
      });
    }
    return runIndexAction(action, { path, files, flags, host, signal });
  },
  document: ({ document }) => document,
  render: (result: IndexResult) => formatIndexResult(result),
  exitCode: ({ isFailed }) => (isFailed ? 1 : 0),
});
