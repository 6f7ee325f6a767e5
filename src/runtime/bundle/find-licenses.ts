import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleLicense } from './bundle-manifest.ts';
import type { BundlePath } from './list-bundle-paths.ts';

/** Of a licence file, what is looked at. Characters. */
const HEAD_LENGTH = 4000;

const FILE = /(?:^|\/)(?:LICEN[CS]E|COPYING|NOTICE|EULA)[^/]*$/i;

/** A wording, and the SPDX identifier that it stands for. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/Apache License\s+Version 2\.0/, 'Apache-2.0'],
  [/Permission is hereby granted, free of charge/, 'MIT'],
  [/Redistribution and use in source and binary forms[^]*Neither the name/, 'BSD-3-Clause'],
  [/NVIDIA[^]*End User License Agreement|EULA[^]*NVIDIA/i, 'LicenseRef-NVIDIA-CUDA-EULA'],
];

/** NVIDIA's libraries that may be shipped with a program: attachment A of the CUDA toolkit's EULA. */
const NVIDIA_LIBRARY = /(?:^|\/)(?:lib)?(cudart|cublasLt|cublas|nvrtc|nccl)(?:64_|\.so|-)/i;

/** The licences of what is in a bundle: llama.cpp's, NVIDIA's where its libraries are in it, and every licence file. */
export async function findLicenses(
  folder: string,
  paths: readonly BundlePath[],
): Promise<readonly BundleLicense[]> {
  const files = paths.filter(({ kind, path }) => kind === 'file' && FILE.test(path));
  const texts = await Promise.all(
    files.map(async ({ path }) => {
      const text = await readFile(join(folder, path), 'latin1');
      const head = text.slice(0, HEAD_LENGTH);
      const license = wordings.find(([wording]) => wording.test(head))?.[1];
      return { path, license: license ?? 'LicenseRef-see-file' };
    }),
  );
  const own = texts.find(({ path }) => !path.includes('/')) ?? texts[0];
  const nvidia = paths.flatMap(({ kind, path }) => {
    const name = kind === 'file' ? NVIDIA_LIBRARY.exec(path)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
  return [
    { component: 'llama.cpp', license: own?.license ?? 'MIT', ...(own && { path: own.path }) },
    ...[...new Set(nvidia)].map((component) => ({
      component,
      license: 'LicenseRef-NVIDIA-CUDA-EULA',
    })),
    ...texts
      .filter((text) => text !== own)
      .map(({ path, license }) => ({ component: path, license, path })),
  ];
}
