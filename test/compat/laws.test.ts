import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDriverVersions } from '../../src/units/driver-version.ts';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { checkFatbin } from '../../src/compat/check-fatbin.ts';
import { chooseCandidate } from '../../src/compat/choose-candidate.ts';
import type { CompatCode, CompatFatbin, CompatImage } from '../../src/compat/compat-image.ts';
import type { HostDevice, OperatingSystem } from '../../src/compat/host-device.ts';
import { isTegra } from '../../src/compat/is-tegra.ts';
import { isCapabilityKnown } from '../../src/compat/find-capability-support.ts';
import { listDriverSteps, type DriverStep } from '../../src/compat/list-driver-steps.ts';
import type { Outcome } from '../../src/compat/verdict.ts';

const capability = fc.constantFrom(
  35,
  50,
  52,
  53,
  60,
  61,
  62,
  70,
  72,
  75,
  80,
  86,
  87,
  88,
  89,
  90,
  100,
  101,
  103,
  107,
  110,
  120,
  121,
  130,
);
const version = (
  majors: readonly [number, number],
): fc.Arbitrary<{ major: number; minor: number }> =>
  fc.record({ major: fc.integer({ min: majors[0], max: majors[1] }), minor: fc.nat({ max: 9 }) });

const image: fc.Arbitrary<CompatImage> = fc.record({
  kind: fc.constantFrom('sass', 'sass', 'ptx', 'ptx', 'lto', 'mercury', 'unknown'),
  target: fc.record({ capability, variant: fc.constantFrom(undefined, undefined, 'a', 'f') }),
  ptxIsa: fc.option(version([6, 10]), { nil: undefined, freq: 10 }),
  compression: fc.constantFrom('none', 'lz4', 'zstd', 'lz4-frame', 'unknown'),
  payloadBytes: fc.nat(),
  decompressedBytes: fc.option(fc.nat(), { nil: undefined }),
});

const fatbin: fc.Arbitrary<CompatFatbin> = fc.record({
  isStub: fc.boolean(),
  images: fc.array(image, { maxLength: 6 }),
  section: fc.constantFrom(undefined, '.nv_fatbin', '__nv_relfatbin'),
});

const code: fc.Arbitrary<CompatCode> = fc.record({
  fatbins: fc.array(fatbin, { maxLength: 4 }),
  runtimeMajor: fc.constantFrom(undefined, 10, 11, 12, 13),
});

const os = fc.constantFrom<OperatingSystem>('linux', 'windows');
const gpu = fc.record({ capability });
const step = (system: OperatingSystem): fc.Arbitrary<DriverStep> =>
  fc.constantFrom(...listDriverSteps(system));

const plainHost: fc.Arbitrary<HostDevice> = os.chain((system) =>
  fc.record({ gpu, os: fc.constant(system), driver: step(system).map(toDriver) }),
);

const flag = fc.constantFrom(undefined, false, true);
const anyHost: fc.Arbitrary<HostDevice> = fc.record({
  gpu: fc.record({
    capability: fc.oneof(capability, fc.integer()),
    name: fc.option(fc.string(), { nil: undefined }),
    isTegra: flag,
    isDataCenter: flag,
    isKnownToDriver: flag,
  }),
  driver: fc.record({
    version: fc.option(fc.oneof(fc.constant('550.54.15'), fc.string()), { nil: undefined }),
    cudaVersion: version([0, 20]),
  }),
  os,
  environment: fc.option(fc.record({ forcePtxJit: flag, disablePtxJit: flag }), { nil: undefined }),
  hasPtxCompiler: flag,
  missingLibraries: fc.option(fc.array(fc.string(), { maxLength: 2 }), { nil: undefined }),
  forwardCompat: fc.option(fc.record({ cudaVersion: version([11, 14]) }), { nil: undefined }),
  isStubDriver: flag,
});

const severity: Record<Outcome | 'none', number> = { none: 0, native: 1, jit: 2, fail: 3 };

describe('laws of the rules', () => {
  it('a newer driver never makes working code fail while it knows the GPU', () => {
    fc.assert(
      fc.property(code, plainHost, (build, older) => {
        const before = checkCompatibility(build, older);
        fc.pre(before.outcome !== 'fail');

        for (const newer of listDriverSteps(older.os)) {
          const isKnown = isCapabilityKnown(older.gpu.capability, newer.cudaVersion);
          if (!isKnown || !isNewer(newer, older)) continue;
          const after = checkCompatibility(build, { ...older, driver: toDriver(newer) });
          expect(after.outcome).toBe(before.outcome);
        }
      }),
    );
  });

  it('exact machine code in every fatbin never makes it worse', () => {
    fc.assert(
      fc.property(code, plainHost, (build, on) => {
        const exact: CompatImage = {
          kind: 'sass',
          target: { capability: on.gpu.capability, variant: undefined },
          ptxIsa: undefined,
          compression: 'none',
          payloadBytes: 1,
          decompressedBytes: undefined,
        };
        const fatbins = build.fatbins.map((item) => ({ ...item, images: [...item.images, exact] }));
        const real = build.fatbins.filter(({ isStub, images }) => !isStub && images.length > 0);
        fc.pre(real.length > 0);

        const before = checkCompatibility(build, on);
        const after = checkCompatibility({ ...build, fatbins }, on);

        expect(severity[after.outcome]).toBeLessThanOrEqual(severity[before.outcome]);
      }),
    );
  });

  it('the verdict on a file is that of the worst of its fatbins', () => {
    fc.assert(
      fc.property(code, anyHost, (build, on) => {
        const real = build.fatbins.filter(({ isStub, images }) => !isStub && images.length > 0);
        const loaded = real.filter(({ section }) => section !== '__nv_relfatbin');
        const judged = loaded.length > 0 ? loaded : real;
        fc.pre(judged.length > 0);
        const { runtimeMajor } = build;
        const each = judged.map(({ images }) => checkFatbin(images, on, { runtimeMajor }));

        const file = checkCompatibility(build, on);

        const worst = Math.max(...each.map(({ outcome }) => severity[outcome]));
        const first = each.find(({ outcome }) => severity[outcome] === worst)!;
        expect(file).toMatchObject({ outcome: first.outcome, cudaError: first.cudaError });
        expect(file.judgedFatbins).toBe(judged.length);
        expect(file.affectedFatbins).toBe(
          each.filter(
            ({ outcome, cudaError }) => outcome === first.outcome && cudaError === first.cudaError,
          ).length,
        );
      }),
    );
  });

  it('the lowest driver that it names works, and the one before does not', () => {
    fc.assert(
      fc.property(code, plainHost, (build, on) => {
        const { minimumDriver, outcome } = checkCompatibility(build, on);
        const steps = listDriverSteps(on.os);
        const works = steps.map(
          (driver) =>
            checkCompatibility(build, { ...on, driver: toDriver(driver) }).outcome !== 'fail',
        );
        fc.pre(outcome !== 'none' && !isTegra(on.gpu.capability));

        expect(minimumDriver).toBe(steps[works.indexOf(true)]?.name);
      }),
    );
  });

  it('code works on each capability that it lists, and on no other of the same kind', () => {
    fc.assert(
      fc.property(code, plainHost, capability, (build, on, other) => {
        fc.pre(isTegra(other) === isTegra(on.gpu.capability) && other !== 88 && other !== 130);
        fc.pre(other !== 101);
        const { worksOn, outcome } = checkCompatibility(build, on);
        fc.pre(outcome !== 'none');

        const there = checkCompatibility(build, { ...on, gpu: { capability: other } });

        expect(worksOn.includes(other)).toBe(there.outcome !== 'fail');
      }),
    );
  });

  it('never throws, and gives a number and a fix exactly where something fails', () => {
    fc.assert(
      fc.property(code, anyHost, (build, on) => {
        const { outcome, cudaError, cudaErrorName, cause, fix, reason, jit } = checkCompatibility(
          build,
          on,
        );

        expect(cause !== undefined).toBe(outcome === 'fail');
        expect(fix !== undefined).toBe(outcome === 'fail');
        expect(cudaErrorName !== null).toBe(outcome === 'fail' && cause !== 'libraries-missing');
        expect(cudaError !== null).toBe(cudaErrorName !== null);
        expect(jit !== undefined).toBe(outcome === 'jit');
        expect(reason).toMatch(/^[A-Z].*\.$/s);
      }),
    );
  });

  it('the best of several builds is the first of those with the best outcome', () => {
    fc.assert(
      fc.property(fc.array(code, { maxLength: 5 }), plainHost, (builds, on) => {
        const candidates = builds.map((build, index) => ({ code: build, index }));

        const { best, ranked } = chooseCandidate(candidates, on);

        const firstNative = candidates.find((each) => outcomeOf(each.code, on) === 'native');
        const firstCompiled = candidates.find((each) => outcomeOf(each.code, on) === 'jit');
        expect(ranked.length).toBe(builds.length);
        expect(best?.candidate.index).toBe((firstNative ?? firstCompiled)?.index);
      }),
    );
  });
});

function outcomeOf(build: CompatCode, on: HostDevice): string {
  return checkCompatibility(build, on).outcome;
}

function toDriver({ name, cudaVersion }: DriverStep): HostDevice['driver'] {
  return { version: name, cudaVersion };
}

function isNewer({ driver }: DriverStep, { os: system, driver: own }: HostDevice): boolean {
  const current = listDriverSteps(system).find(({ name }) => name === own.version);
  return compareDriverVersions(driver, current?.driver ?? []) > 0;
}
