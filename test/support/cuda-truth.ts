import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What an H100 with driver 580.159.04 did with a real fatbin: test/fixtures/cuda-truth/README.md. */
export interface RecordedLoad {
  readonly path: string;
  /** The CUresult name. */
  readonly load: string;
}

const fixtures = new URL('../fixtures/cuda-truth/', import.meta.url);

/** The GPU and driver of the recordings, as `--for` takes them. */
export const recordedTarget = '9.0,driver=580.159.04';

/** Every load that was recorded under an environment: `default`, or the variable that was set. */
export function readRecordedLoads(environment: string): readonly RecordedLoad[] {
  return ['base', 'random'].flatMap((folder) => {
    const text = readFileSync(new URL(`${folder}.json`, fixtures), 'utf8');
    const { cases }: { cases: Record<string, Record<string, { load: string }>> } = JSON.parse(text);
    return Object.entries(cases).flatMap(([name, recordings]) => {
      const recording = recordings[environment];
      if (recording === undefined) return [];
      return [{ path: truthFixture(`${folder}/${name}`), load: recording.load }];
    });
  });
}

/** The path of a fatbin such as `base/sass_90`. */
export function truthFixture(name: string): string {
  return fileURLToPath(new URL(`${name}.fatbin`, fixtures));
}
