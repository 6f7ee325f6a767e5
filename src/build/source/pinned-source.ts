/** The source that is built when none is named: every byte of it is known. */
export interface PinnedSource {
  readonly package: string;
  readonly version: string;
  /** Of the package, as npm writes it. */
  readonly integrity: string;
  /** A git bundle in the package. */
  readonly bundlePath: string;
  readonly bundleSha256: string;
  /** The one commit in it. */
  readonly commit: string;
}

/**
 * The whole source of llama.cpp v0.5.0 as a git bundle inside node-llama-cpp. A release archive of GitHub would be the
 * more direct default, but its bytes are not promised to stay the same, and it cannot be pinned without having seen it.
 */
export const pinnedSource: PinnedSource = {
  package: 'node-llama-cpp',
  version: '3.22.1',
  integrity:
    'sha512-bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==',
  bundlePath: 'llama/gitRelease.bundle',
  bundleSha256: '5f5d1105d5df040738d87b8290e5d17e7362131cdcfdb0831618e0ea528b4a51',
  commit: 'de3ff815ea7d559ee917f063901b8986f038abc6',
};
