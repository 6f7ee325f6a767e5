import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors/describe-error.ts';
import { LlcudaError } from '../../src/errors/llcuda-error.ts';

describe('describeError', () => {
  it('gives the four facts of a LlcudaError', () => {
    const error = new LlcudaError('MODEL_UNKNOWN', 'No model is called x', {
      detail: { name: 'x', suggestions: [] },
      hint: 'Run `llcuda models`.',
    });

    expect(describeError(error)).toEqual({
      code: 'MODEL_UNKNOWN',
      message: 'No model is called x',
      hint: 'Run `llcuda models`.',
      detail: { name: 'x', suggestions: [] },
    });
  });

  it('knows a LlcudaError of a second copy of the package', () => {
    const error = Object.assign(new Error('The prompt is empty'), {
      name: 'LlcudaError',
      code: 'PROMPT_EMPTY',
      detail: {},
      hint: undefined,
    });

    expect(describeError(error).code).toBe('PROMPT_EMPTY');
    expect(LlcudaError.is(error, 'PROMPT_EMPTY')).toBe(true);
    expect(LlcudaError.is(error, 'MODEL_UNKNOWN')).toBe(false);
  });

  it.each([
    AbortSignal.abort().reason,
    AbortSignal.abort(new DOMException('late', 'TimeoutError')).reason,
  ])('calls an abort an interruption: %s', (reason) => {
    expect(describeError(reason)).toMatchObject({ code: 'INTERRUPTED' });
  });

  it.each([new TypeError('x is not a function'), 'text', undefined, null, 42])(
    'calls %s an unexpected failure and never throws',
    (error) => {
      expect(describeError(error)).toMatchObject({
        code: 'INTERNAL',
        detail: { reason: expect.any(String) },
      });
    },
  );
});
