import { describe, expect, it } from 'vitest';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { chooseCandidate } from '../../src/compat/choose-candidate.ts';
import type { CompatFatbin } from '../../src/compat/compat-image.ts';
import { code, host, images, samples } from './support.ts';

const t4 = host(75, '580.82.07');
const fatbin = (text: string, rest: Partial<CompatFatbin> = {}): CompatFatbin => ({
  isStub: false,
  images: images(text),
  ...rest,
});

describe('checkCompatibility', () => {
  it('counts the fatbins that fail', () => {
    const fatbins = [fatbin('sm_75'), fatbin('sm_86'), fatbin('compute_75@9.1'), fatbin('sm_90')];

    expect(checkCompatibility({ fatbins }, t4)).toMatchObject({
      outcome: 'fail',
      cudaError: 209,
      judgedFatbins: 4,
      affectedFatbins: 2,
      reason: expect.stringMatching(/ \(2 of 4 fatbins\)\.$/),
    });
  });

  it('names the lowest driver for all fatbins, not for the first', () => {
    const fatbins = [fatbin('compute_75@8.0'), fatbin('compute_75@9.1'), fatbin('compute_75@8.4')];

    expect(checkCompatibility({ fatbins }, t4).minimumDriver).toBe('590.44.01');
  });

  it('adds up the PTX of all fatbins that have to be compiled', () => {
    const fatbins = [fatbin('compute_75@8.0'), fatbin('sm_75'), fatbin('compute_70@8.0')];

    expect(checkCompatibility({ fatbins }, t4)).toMatchObject({
      outcome: 'jit',
      affectedFatbins: 2,
      jit: { ptxBytes: 2000 },
    });
  });

  it('does not judge stubs, empty fatbins and what device linking consumed', () => {
    const fatbins = [
      fatbin('sm_90', { isStub: true }),
      fatbin(''),
      fatbin('compute_90@9.9', { section: '__nv_relfatbin' }),
      fatbin('sm_75'),
    ];

    expect(checkCompatibility({ fatbins }, t4)).toMatchObject({
      outcome: 'native',
      judgedFatbins: 1,
    });
  });

  it('judges the input of device linking where there is nothing else', () => {
    const fatbins = [fatbin('sm_90', { section: '__nv_relfatbin' })];

    expect(checkCompatibility({ fatbins }, t4).cudaError).toBe(209);
  });

  it('says that a file holds no GPU code, whatever the host', () => {
    const verdict = checkCompatibility(code('', 13), { ...t4, isStubDriver: true });

    expect(verdict).toMatchObject({ outcome: 'none', reason: 'The file holds no GPU code.' });
  });

  it('fails for a missing library also without GPU code', () => {
    const on = { ...t4, missingLibraries: ['libcublasLt.so.12'] };

    expect(checkCompatibility({ fatbins: [] }, on)).toMatchObject({
      outcome: 'fail',
      cudaError: null,
      cause: 'libraries-missing',
    });
  });

  it('judges a file of ten thousand fatbins in a second', () => {
    const many = Array.from({ length: 10_000 }, () => samples.nlc.fatbins[0]!);

    const startMs = performance.now();
    const verdict = checkCompatibility({ fatbins: many, runtimeMajor: 13 }, t4);

    expect(verdict.affectedFatbins).toBe(10_000);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

describe('chooseCandidate', () => {
  it('takes native code before PTX, and the first of equals', () => {
    const builds = [
      { name: 'too new', code: samples.nlc },
      { name: 'compiled', code: samples.nlcFallback },
      { name: 'native', code: code('sm_75', 12) },
      { name: 'native too', code: code('sm_75 sm_80', 12) },
      { name: 'no GPU code', code: code('') },
    ];

    const { best, ranked } = chooseCandidate(builds, t4);

    expect(best?.candidate.name).toBe('native');
    expect(ranked.map(({ candidate }) => candidate.name)).toEqual([
      'native',
      'native too',
      'compiled',
      'no GPU code',
      'too new',
    ]);
  });

  it('takes none where none runs', () => {
    expect(chooseCandidate([{ code: samples.nlc }, { code: code('') }], t4).best).toBeUndefined();
  });
});
