import { LlcudaError } from '../errors/llcuda-error.ts';
import { packNpmPackage } from '../host/pack-npm-package.ts';
import { withStagedSource, type StagingOptions } from './with-staged-source.ts';

/** A name and an exact version or tag, so that npm takes it for neither a path nor a git URL. */
const SPEC = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*@[\w.+-]+$/i;

/**
 * Fetches a package as `npm:NAME@VERSION` names it with the npm client, which checks its hash; gives work the .tgz, and
 * removes it. Nothing is unpacked or run. Throws `USAGE_INVALID`, `PACKAGE_FETCH_FAILED`, `DISK_FULL`.
 */
export async function withNpmPackage(
  source: string,
  options: StagingOptions,
  work: (filePath: string) => Promise<void>,
): Promise<void> {
  const spec = source.replace(/^npm:/, '');
  if (!SPEC.test(spec)) {
    throw new LlcudaError('USAGE_INVALID', `${source} does not name a package and its version`, {
      detail: { argument: source },
      hint: 'Write it as npm:NAME@VERSION.',
    });
  }
  await withStagedSource(source, options, async (directory, signal) => {
    options.onProgress?.({ type: 'step', message: `Fetching ${spec} with npm` });
    await work(await packNpmPackage(spec, directory, { host: options.host, signal }));
  });
}
