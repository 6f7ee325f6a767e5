import { zipBytes } from './zip-bytes.ts';

/** A wheel that pip accepts, called `llcuda_test_model-1.0-py3-none-any.whl`, with one file in it. */
export function wheelBytes(member: string, content: Uint8Array): Buffer {
  const info = 'llcuda_test_model-1.0.dist-info';
  return zipBytes([
    { name: member, content },
    {
      name: `${info}/METADATA`,
      content: text(['Metadata-Version: 2.1', 'Name: llcuda-test-model', 'Version: 1.0']),
    },
    {
      name: `${info}/WHEEL`,
      content: text(['Wheel-Version: 1.0', 'Root-Is-Purelib: true', 'Tag: py3-none-any']),
    },
    { name: `${info}/RECORD`, content: text([]) },
  ]);
}

function text(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}
