import type { InstallPlan } from './plan-install.ts';
import { prepareInstall, type PreviewInstallOptions } from './prepare-install.ts';

/** What `installRuntime` would choose from the indexes; nothing is downloaded. `undefined` for a folder or an archive. */
export async function previewInstall(
  spec: string | undefined,
  options: PreviewInstallOptions = {},
): Promise<InstallPlan | undefined> {
  const { source, plan } = await prepareInstall(spec, options);
  return source.kind === 'index' ? plan : undefined;
}
