import type { BundleManifest } from '../bundle/bundle-manifest.ts';

export interface SbomOptions {
  /** What the archive is called. */
  readonly name: string;
  /** Of the archive. */
  readonly sha256: string;
}

/**
 * A CycloneDX 1.6 bill of materials: llama.cpp, the libraries of others that are in the bundle, and every file by its
 * hash. The same archive gives the same document: its serial number is made of the hash, and it states no time.
 */
export function createSbom(manifest: BundleManifest, { name, sha256 }: SbomOptions): unknown {
  const { llamaCpp, licenses, files, build } = manifest;
  const [own, ...others] = licenses;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${formatUuid(sha256)}`,
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'bundle',
        name,
        version: llamaCpp.version,
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      },
    },
    components: [
      {
        type: 'application',
        'bom-ref': 'llama.cpp',
        name: 'llama.cpp',
        version: llamaCpp.version,
        licenses: [formatLicense(own?.license ?? 'MIT')],
        purl: `pkg:github/ggml-org/llama.cpp@${llamaCpp.commit ?? llamaCpp.version}`,
        properties: Object.entries({ toolkit: build.toolkit, compiler: build.compiler }).flatMap(
          ([key, value]) => (value === undefined ? [] : [{ name: `llcuda:${key}`, value }]),
        ),
      },
      ...others.map(({ component, license }) => ({
        type: 'library',
        'bom-ref': `library:${component}`,
        name: component,
        licenses: [formatLicense(license)],
      })),
      ...files.flatMap((file) =>
        'target' in file
          ? []
          : [
              {
                type: 'file',
                'bom-ref': `file:${file.path}`,
                name: file.path,
                hashes: [{ alg: 'SHA-256', content: file.sha256 }],
              },
            ],
      ),
    ],
  };
}

/** SPDX identifiers have a field of their own; CycloneDX takes others as names. */
function formatLicense(license: string): unknown {
  return license.startsWith('LicenseRef-')
    ? { license: { name: license } }
    : { license: { id: license } };
}

/** The first 128 bits of a hash as a UUID of version 8 (RFC 9562: for numbers of one's own making). */
function formatUuid(sha256: string): string {
  const variant = ((Number.parseInt(sha256.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    sha256.slice(0, 8),
    sha256.slice(8, 12),
    `8${sha256.slice(13, 16)}`,
    `${variant}${sha256.slice(17, 20)}`,
    sha256.slice(20, 32),
  ].join('-');
}
