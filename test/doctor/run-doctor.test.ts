import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../src/probe/host-facts.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { examineFixture } from '../support/healthy-host.ts';
import { hostNames } from '../support/load-host.ts';

/** Places in a document, as paths of names. */
function listPlaces(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([name, item]) => listPlaces(item, [...at, name]));
  return at.length === 0 ? inside : [at, ...inside];
}

/** Replaces a value by another of its kind, or by none. */
function replaceAt(document: object, place: readonly string[], pick: number): void {
  let holder = document as Record<string, unknown>;
  for (const name of place.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  const name = place.at(-1)!;
  const value = holder[name];
  if (typeof value === 'string') {
    holder[name] = ['', '\u001b[2J\u0007\u202eevil\n# head', '1.2.3', 'x'.repeat(5000)][pick % 4];
  } else if (typeof value === 'number') holder[name] = [0, -1, 1e300, Number.NaN][pick % 4];
  else if (typeof value === 'boolean') holder[name] = !value;
  else if (Array.isArray(value)) holder[name] = pick % 2 === 0 ? [] : [...value, ...value];
}

describe('runDoctor', () => {
  it('gives a report for any facts, and never a control character', async () => {
    const examined = await Promise.all(hostNames.map(async (name) => examineFixture(name)));
    const places = examined.map(({ facts }) => listPlaces(facts));
    const change = fc.tuple(fc.nat(), fc.nat(3));

    fc.assert(
      fc.property(fc.nat(hostNames.length - 1), fc.array(change, { maxLength: 12 }), (at, list) => {
        const facts: HostFacts = structuredClone(examined[at]!.facts);
        for (const [place, pick] of list) {
          const path = places[at]![place % places[at]!.length]!;
          try {
            replaceAt(facts, path, pick);
          } catch {
            // An earlier change has removed what this one was to change.
          }
        }

        const report = runDoctor(facts, { evidence: examined[at]!.evidence });

        const texts = report.checks.flatMap((check) => [
          check.summary,
          check.fix ?? '',
          ...(check.detail ?? []),
          ...(check.commands ?? []),
        ]);
        texts.push(report.verdict.summary, report.verdict.next, report.verdict.command ?? '');
        // oxlint-disable-next-line no-control-regex
        expect(texts.filter((text) => /[\u0000-\u001f\u007f-\u009f\u202e]/.test(text))).toEqual([]);
        for (const { status, fix } of report.checks) {
          expect(fix !== undefined).toBe(status === 'warn' || status === 'fail');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same report for the same facts', async () => {
    const { facts, evidence } = await examineFixture('two-gpus');

    expect(runDoctor(facts, { evidence })).toEqual(runDoctor(facts, { evidence }));
  });

  it('reports some checks, and keeps the verdict of all', async () => {
    const { facts } = await examineFixture('nouveau');

    const report = runDoctor(facts, { only: ['cmake'] });

    expect(report.checks.map(({ id }) => id)).toEqual(['cmake']);
    expect(report.counts.fail).toBe(0);
    expect(report.verdict.outcome).toBe('fail');
  });

  it('sends a GPU that works and has no llama.cpp to a build for it', async () => {
    const { facts, evidence } = await examineFixture('colab-t4-580');
    facts.runtimes = [];

    const { verdict } = runDoctor(facts, { evidence });

    expect(verdict).toMatchInlineSnapshot(`
      {
        "command": "apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75 && cmake --build llama.cpp/build --config Release -j 2",
        "next": "Build llama.cpp here.",
        "outcome": "no-runtime",
        "summary": "Tesla T4 (7.5) is ready, and no llama.cpp for it is here: a build with sm_75 code made with CUDA toolkit 13.0 runs natively.",
      }
    `);
  });

  it('quotes what a path could make of a command', async () => {
    const { facts } = await examineFixture('dgx-spark');
    facts.runtimes[0]!.path = "/opt/a'; rm -rf ~; '/llama-server";

    const { verdict } = runDoctor(facts);

    expect(verdict.command).toMatchInlineSnapshot(
      `"'/opt/a'\\''; rm -rf ~; '\\''/llama-server' -m MODEL.gguf -ngl 99"`,
    );
  });
});
