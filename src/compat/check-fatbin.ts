import type { CompatImage } from './compat-image.ts';
import { completeVerdict } from './complete-verdict.ts';
import type { HostDevice } from './host-device.ts';
import { judgeFatbin } from './judge-fatbin.ts';
import type { Verdict } from './verdict.ts';

export interface CheckFatbinOptions {
  /** Major version of the CUDA runtime of the file that holds the fatbin. @defaultValue no runtime, so no check of it */
  readonly runtimeMajor?: number | undefined;
}

/**
 * Whether one fatbin runs on a host: its best machine code, else its highest PTX, never another one. Never throws.
 * The rule agrees with an H100 on driver 580 in every load of test/fixtures/cuda-truth.
 */
export function checkFatbin(
  images: readonly CompatImage[],
  host: HostDevice,
  options: CheckFatbinOptions = {},
): Verdict {
  const judge = (other: HostDevice): ReturnType<typeof judgeFatbin> =>
    judgeFatbin(images, other, options.runtimeMajor);
  return completeVerdict(judge(host), host, (other) => judge(other).outcome !== 'fail');
}
