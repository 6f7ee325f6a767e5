import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LlcudaError } from '../../../src/errors/llcuda-error.ts';
import { createSnapshotHost } from '../../../src/host/snapshot/create-snapshot-host.ts';
import { parseSnapshot } from '../../../src/host/snapshot/parse-snapshot.ts';
import { probeHost } from '../../../src/probe/probe-host.ts';
import { hostNames, readHostFixture } from '../../support/load-host.ts';

const whole = await readHostFixture('colab-t4-550');

/** Any JSON: a test breaks what the type would forbid. */
type Json = ReturnType<typeof JSON.parse>;

function changed(change: (snapshot: Json) => void): string {
  const snapshot = JSON.parse(whole);
  change(snapshot);
  return JSON.stringify(snapshot);
}

describe('parseSnapshot', () => {
  it.each(hostNames)('reads %s, which says what is recorded and what is composed', async (name) => {
    const { origin } = parseSnapshot(await readHostFixture(name));

    expect(origin?.machine).toMatch(/\w/);
    expect([...(origin?.recorded ?? []), ...(origin?.composed ?? [])]).not.toEqual([]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['another document', '{"models":[]}'],
    ['a list', '[]'],
    ['an older schema than there is', changed((snapshot) => (snapshot['schemaVersion'] = 0))],
    ['a relative path', changed((snapshot) => (snapshot['files']['../../etc/passwd'] = 'x'))],
    [
      'control characters in a path',
      changed((snapshot) => (snapshot['files']['/a\u001b[2J'] = 'x')),
    ],
    [
      'control characters in a command',
      changed((s) => (s['commands']['ls\u0007'] = { stdout: '' })),
    ],
    ['control characters in a name', changed((s) => (s['folders']['/lib'] = ['a\nb']))],
    ['a text that is a number', changed((snapshot) => (snapshot['files']['/a'] = 5))],
    [
      'an image that is none',
      changed((s) => (s['binaries']['/a'] = { ...binary, fatbins: [{ images: ['x'] }] })),
    ],
    [
      'more fatbins than any file has',
      changed((s) => (s['binaries']['/a'] = { ...binary, fatbins: [{ count: 9e9, images: [] }] })),
    ],
    ['no cores', changed((snapshot) => (snapshot['host']['coreCount'] = 0))],
    ['an unknown platform', changed((snapshot) => (snapshot['host']['platform'] = 'amiga'))],
    ['more than the limit', ' '.repeat(16_000_001)],
  ])('refuses %s', (_what, text) => {
    expect(() => parseSnapshot(text)).toThrow(
      expect.objectContaining({ code: 'SNAPSHOT_INVALID' }),
    );
  });

  it('refuses a newer schema with the way out', () => {
    const text = JSON.stringify({ schemaVersion: 2, anything: true });

    expect(() => parseSnapshot(text)).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_TOO_NEW',
        detail: { schemaVersion: 2, supported: 1 },
        hint: expect.stringContaining('newest llcuda'),
      }),
    );
  });

  it('refuses every truncation', () => {
    fc.assert(
      fc.property(fc.nat({ max: whole.trimEnd().length - 1 }), (length) => {
        expect(() => parseSnapshot(whole.slice(0, length))).toThrow(
          expect.objectContaining({ code: 'SNAPSHOT_INVALID' }),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('says nothing that could rewrite a terminal', () => {
    const text = changed((snapshot) => (snapshot['files']['/\u001b[2J\u0007'] = 5));

    let message = '';
    try {
      parseSnapshot(text);
    } catch (error) {
      message = LlcudaError.is(error) ? error.message : '';
    }
    // oxlint-disable-next-line no-control-regex
    expect(message).toMatch(/^[^\u0000-\u001f]+$/);
  });

  it('keeps the probe going, whatever the files and programs in it say', async () => {
    const { files, commands } = JSON.parse(whole);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(files), ...Object.keys(commands)),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constant('__proto__'), fc.lorem()),
        async (name, garbage) => {
          const text = changed((snapshot) => {
            if (name in files) snapshot['files'][name] = garbage;
            else snapshot['commands'][name] = { stdout: garbage, stderr: garbage, exitCode: 0 };
          });

          const facts = await probeHost(createSnapshotHost(parseSnapshot(text)));

          // oxlint-disable-next-line no-control-regex
          expect(JSON.stringify(facts.gpus)).not.toMatch(/[\u0000-\u001f]/);
        },
      ),
      { numRuns: 60 },
    );
  });
});

const binary = { format: 'elf', sizeBytes: 1, needed: [] };
