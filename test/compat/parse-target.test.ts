import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { host } from './support.ts';

describe('parseTarget', () => {
  it('reads a GPU name and a driver', () => {
    expect(parseTarget('t4,driver=550.54.15')).toEqual({
      gpu: { capability: 75, name: 'T4', isTegra: false, isDataCenter: true },
      driver: { version: '550.54.15', cudaVersion: { major: 12, minor: 4 } },
      os: undefined,
      isHost: false,
    });
  });

  it('reads a capability, a CUDA version and an operating system, in any order', () => {
    expect(parseTarget(' os=Windows , cuda=12.4, sm_89')).toEqual({
      gpu: { capability: 89 },
      driver: { cudaVersion: { major: 12, minor: 4 } },
      os: 'windows',
      isHost: false,
    });
  });

  it('takes the CUDA version that is given beside a driver', () => {
    expect(parseTarget('h100,driver=535.261.03,cuda=12.4').driver).toEqual({
      version: '535.261.03',
      cudaVersion: { major: 12, minor: 4 },
    });
  });

  it.each([
    { text: '', reason: 'a part is empty' },
    { text: 't4,,cuda=12.4', reason: 'a part is empty' },
    { text: 't4,7.5', reason: 'gpu is given twice' },
    { text: 'rtx 4900', reason: 'no GPU is known as rtx 4900', hint: /RTX 4090/ },
    { text: 'quantum', reason: 'no GPU is known as quantum', hint: /compute capability/ },
    { text: 't4,driver=new', reason: 'new is not a driver version', hint: /550/ },
    {
      text: 't4,driver=390.157',
      reason: 'driver 390.157 is older than any that llcuda knows (418)',
    },
    { text: 't4,cuda=abc', reason: 'abc is not a CUDA version', hint: /12\.4/ },
    { text: 't4,os=beos', reason: 'beos is not a known operating system', hint: /linux/ },
    { text: 't4,ram=12', reason: 'ram is not a known key', hint: /driver/ },
    {
      text: 'jetson orin,driver=540.4.0',
      reason: "a Jetson's driver version does not tell its CUDA version",
      hint: /cuda=/,
    },
  ])('refuses $text: $reason', ({ text, reason, hint = /./ }) => {
    expect(() => parseTarget(text)).toThrow(
      expect.objectContaining({
        code: 'TARGET_INVALID',
        detail: { text, reason },
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('fails in no other way', () => {
    const part = fc.constantFrom('t4', 'host', 'cuda=', 'driver=', '12.4', '=', ',', 'os=', '550');
    const text = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(failureOf(value)).toSatisfy(
          (error: unknown) => error === undefined || LlcudaError.is(error, 'TARGET_INVALID'),
        );
      }),
    );
  });
});

describe('resolveTarget', () => {
  const here = host(86, '580.82.07', { hasPtxCompiler: false });

  it('fills in Linux and nothing else', () => {
    const facts = resolveTarget(parseTarget('7.5,cuda=12.4'), '7.5,cuda=12.4', here);

    expect(facts).toEqual({
      gpu: { capability: 75 },
      driver: { cudaVersion: { major: 12, minor: 4 } },
      os: 'linux',
    });
  });

  it('takes the rest from this machine where the target says host', () => {
    expect(resolveTarget(parseTarget('host'), 'host', here)).toEqual(here);
    expect(resolveTarget(parseTarget('host,driver=590'), 'host,driver=590', here)).toMatchObject({
      gpu: { capability: 86 },
      driver: { version: '590' },
      hasPtxCompiler: false,
    });
  });

  it.each([
    { text: 't4', reason: 'no driver is named' },
    { text: 'cuda=12.4', reason: 'no GPU is named' },
    { text: 'host', reason: 'this machine has no NVIDIA GPU with a driver' },
  ])('refuses $text: $reason', ({ text, reason }) => {
    expect(() => resolveTarget(parseTarget(text), text)).toThrow(
      expect.objectContaining({ code: 'TARGET_INVALID', detail: { text, reason } }),
    );
  });
});

function failureOf(text: string): unknown {
  try {
    parseTarget(text);
    return undefined;
  } catch (error) {
    return error;
  }
}
