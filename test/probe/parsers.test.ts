import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNativeAnswer } from '../../src/native/parse-native-answer.ts';
import { parseLspci } from '../../src/probe/gpus/find-pci-gpus.ts';
import { normalizePciAddress } from '../../src/probe/gpus/normalize-pci-address.ts';
import { parseKernelDriver } from '../../src/probe/gpus/read-kernel-driver.ts';
import { parseLdconfig } from '../../src/probe/libraries/parse-ldconfig.ts';
import { parseServerVersion } from '../../src/probe/software/find-runtimes.ts';
import { parseNvccVersion, parseToolVersion } from '../../src/probe/software/parse-tool-version.ts';
import { parseToolkitVersion } from '../../src/probe/software/parse-toolkit-version.ts';
import { parsePythonAnswer, parseTorchVersion } from '../../src/probe/software/read-python.ts';
import { parseSmiCsv, smiFields } from '../../src/probe/smi/parse-smi-csv.ts';
import { parseSmiList } from '../../src/probe/smi/parse-smi-list.ts';
import { parseSmiXml } from '../../src/probe/smi/parse-smi-xml.ts';
import { parseMemInfo } from '../../src/probe/system/read-memory.ts';
import { parseOsRelease } from '../../src/probe/system/read-platform.ts';
import { parseCpuInfo } from '../../src/probe/system/read-processor.ts';
import { hostNames, readHostFixture } from '../support/load-host.ts';
import { smiLine } from '../support/smi-output.ts';

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  parseNativeAnswer,
  parseLspci,
  normalizePciAddress,
  parseKernelDriver,
  parseLdconfig: (text) => [...parseLdconfig(text, 'x64')],
  parseServerVersion,
  parseNvccVersion,
  parseToolVersion,
  parseToolkitVersion,
  parsePythonAnswer,
  parseTorchVersion,
  parseSmiCsv: (text) => parseSmiCsv(text, smiFields),
  parseSmiList,
  parseSmiXml,
  parseMemInfo,
  parseOsRelease: (text) => [...parseOsRelease(text)],
  parseCpuInfo,
};

/** Real outputs, cut and spliced at any place: garbage that looks right. */
const outputs: string[] = [];
for (const name of hostNames) {
  const { commands, files } = JSON.parse(await readHostFixture(name));
  outputs.push(...Object.values<{ stdout?: string }>(commands).map(({ stdout = '' }) => stdout));
  outputs.push(...Object.values<string>(files));
}
const spliced = fc
  .tuple(fc.constantFrom(...outputs), fc.constantFrom(...outputs), fc.nat(20_000), fc.string())
  .map(([left, right, at, middle]) => left.slice(0, at) + middle + right.slice(at / 2));
const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), spliced);

describe('the parsers of what programs and files say', () => {
  it.each(Object.entries(parsers))('%s gives a value for any text', (_name, parse) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const value = parse(text);
        expect(JSON.stringify(value) ?? '').not.toContain('\\u001b');
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(parsers))(
    '%s comes to an end with a megabyte of anything',
    (_name, parse) => {
      for (const unit of [
        '<gpu id="',
        ' ',
        'a',
        '(',
        '1.',
        '\n',
        '<total>',
        'flags: ',
        '"cuda":{',
      ]) {
        const size = JSON.stringify(parse(unit.repeat(1_000_000 / unit.length)))?.length ?? 0;
        expect(size).toBeLessThan(2_000_000);
      }
    },
  );
});

describe('parseToolVersion', () => {
  it.each([
    ['cmake version 3.28.3\n\nCMake suite', '3.28.3'],
    ['1.11.1\n', '1.11.1'],
    ['GNU Make 4.3\nBuilt for x86_64', '4.3'],
    ['gcc (Debian 12.2.0-14) 12.2.0\nCopyright', '12.2.0'],
    ['gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3)', '11.4.1'],
    ['Ubuntu clang version 18.1.3 (1ubuntu1)', '18.1.3'],
    ['ccache version 4.8.2', '4.8.2'],
    ['git version 2.39.5 (Apple Git-154)', '2.39.5'],
    ['command not found', undefined],
    ['', undefined],
  ])('reads %j as %j', (output, expected) => {
    expect(parseToolVersion(output)).toBe(expected);
  });
});

describe('parseTorchVersion', () => {
  it.each([
    [
      "from typing import Optional\n__version__ = '2.8.0+cu128'\ndebug = False\ncuda: Optional[str] = '12.8'\n",
      { version: '2.8.0+cu128', cuda: '12.8' },
    ],
    ["__version__ = '2.8.0+cpu'\ncuda: Optional[str] = None\n", { version: '2.8.0+cpu' }],
    ["__version__ = '1.13.1'\ncuda = '11.7'\n", { version: '1.13.1', cuda: '11.7' }],
  ])('reads %j', (text, expected) => {
    expect(parseTorchVersion(text)).toEqual(expected);
  });
});

describe('parseSmiCsv', () => {
  it.each([
    ['N/A in every field', 'N/A, N/A, N/A, N/A, N/A, N/A, N/A'],
    ['[Not Supported] for the name', '[Not Supported], 550.54.15, 7.5, , , ,'],
    [
      'an error on stdout',
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    ],
    ['an error with commas', 'Failed to initialize NVML, a, b, c, d, e, f'],
    ['a header', smiFields.join(', ')],
  ])('finds no GPU in %s', (_what, text) => {
    expect(parseSmiCsv(text, smiFields).gpus).toEqual([]);
  });

  it('reads eight GPUs, in order', () => {
    const lines = Array.from({ length: 8 }, (_, at) =>
      smiLine({ address: `00000000:0${at}:00.0` }),
    );

    const { gpus, driverVersion } = parseSmiCsv(lines.join('\r\n'), smiFields);

    expect(driverVersion).toBe('550.54.15');
    expect(gpus.map(({ pciAddress }) => pciAddress)).toEqual(
      Array.from({ length: 8 }, (_, at) => `0000:0${at}:00.0`),
    );
  });

  it('leaves out what the driver does not support', () => {
    const line = 'NVIDIA GB10, 580.95.05, 12.1, 0000000F:01:00.0, GPU-1, [N/A], [Not Supported]';

    expect(parseSmiCsv(line, smiFields).gpus).toMatchObject([
      { name: 'NVIDIA GB10', capability: 121, pciAddress: '000f:01:00.0' },
    ]);
  });
});
