import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cudaErrors } from '../../src/compat/cuda-errors.ts';
import { commands } from '../../src/cli/commands.ts';
import { explainLog } from '../../src/doctor/explain/explain-log.ts';
import { knownErrorGroups, knownErrors } from '../../src/doctor/explain/known-errors.ts';

const examples = knownErrors.flatMap(({ id, examples: list }) =>
  list.map(({ log, source }) => ({ id, log, source })),
);

describe('the catalogue of known errors', () => {
  it.each(examples)('explains $log as $id', ({ id, log }) => {
    const [first] = explainLog(log).errors;

    expect(first?.id).toBe(id);
  });

  it('has no message that two entries explain: others on its line only follow from it', () => {
    for (const { id, log } of examples) {
      const others = explainLog(log).errors.filter((error) => error.id !== id);

      expect(
        others.filter(({ role }) => role === 'cause' || role === 'failure'),
        log,
      ).toEqual([]);
    }
  });

  it('knows at least 120 messages, each with an id of its own', () => {
    const ids = knownErrors.map(({ id }) => id);

    expect(ids.length).toBeGreaterThanOrEqual(120);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)+$/);
  });

  it('has an entry for every CUDA error that the rules foresee, by text, by name and by number', () => {
    for (const { number, text, runtimeName, driverName } of cudaErrors) {
      const logs = [
        `CUDA error: ${text}`,
        `CUDA error ${number} at ggml-cuda.cu:1: what it says`,
        `CUDA failure ${number}: what it says`,
        `returned ${runtimeName}`,
        ...(driverName === undefined ? [] : [`returned ${driverName}`]),
      ];
      for (const log of logs) expect(explainLog(log).errors[0]?.cudaError, log).toBe(number);
    }
  });

  it('takes the count of devices in no log for an error number', () => {
    const logs = ['ggml_cuda_init: found 2 CUDA devices:', 'CUDA errors: 2', 'CUDA error 2000'];

    for (const log of logs) expect(explainLog(log).errors, log).toEqual([]);
  });

  it('cites a public https address, or a page of its own, for every message', () => {
    for (const { source } of examples) {
      expect(source).toMatch(/^https:\/\/[a-z.]+\/\S+$|^docs\/reference\/[a-z-]+\.md$/);
    }
  });

  it('has full sentences and no name that nothing fills in', () => {
    for (const { cause, fix, title, patterns } of knownErrors) {
      for (const text of [cause, fix]) expect(text).toMatch(/[.]$/);
      expect(title).not.toMatch(/[.]$/);
      const groups = patterns.flatMap(({ source }) => [...source.matchAll(/\?<(\w+)>/g)]);
      const named = new Set([...facts, ...groups.map(([, name = '']) => name)]);
      for (const [, name = ''] of `${title} ${cause} ${fix}`.matchAll(/\{(\w+)/g)) {
        expect(named, `${title}: ${name}`).toContain(name);
      }
    }
  });

  it('names only commands of llcuda that exist or come with the doctor', () => {
    const known = new Set([...commands.map(({ name }) => name), 'doctor']);
    const texts = knownErrors.flatMap(({ commands: list, fix }) => [...list, fix]);

    for (const [, name = ''] of texts.join('\n').matchAll(/^llcuda (\w+)/gm)) {
      expect(known).toContain(name);
    }
  });

  it('has patterns whose work on a line is limited, whatever the line', () => {
    for (const { id, patterns } of knownErrors) {
      for (const { source } of patterns) {
        const plain = source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'x');
        expect(plain, `${id}: ${source}`).not.toMatch(/[*+]|\{\d+,\}/);
        const limits = [...source.matchAll(/\{\d+,(\d+)\}/g)].map(([, limit]) => Number(limit));
        const wide = limits.filter((limit) => limit >= 30);
        expect(
          wide.reduce((product, limit) => product * limit, 1),
          id,
        ).toBeLessThan(50_000);
      }
    }
  });

  it('is on the page of the reference, whole', async () => {
    const page = await readFile(
      new URL('../../docs/reference/error-catalogue.md', import.meta.url),
      'utf8',
    );

    for (const { title } of knownErrorGroups) expect(page).toContain(`## ${title}\n`);
    for (const { id } of knownErrors) expect(page).toContain(`\n\`${id}\` (`);
  });
});

/** What texts may name besides the groups of their patterns. */
const facts = ['gpu', 'arch', 'model', 'architecture', 'allocation', 'library', 'version', 'port'];
