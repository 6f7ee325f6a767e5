import { LlcudaError } from '../errors/llcuda-error.ts';
import type { FlagSpec } from './command.ts';

/** Turns the text of a flag into its value. Throws `USAGE_INVALID` with what would be right. */
export function parseFlagValue(name: string, text: string, spec: FlagSpec): unknown {
  if (spec.choices && !spec.choices.includes(text)) {
    throw invalid(name, `must be one of ${spec.choices.join(', ')}, not ${text}`);
  }
  if (spec.type !== 'number' && spec.type !== 'integer') return text;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const minimum = spec.minimum ?? -Infinity;
  const maximum = spec.maximum ?? Infinity;
  const isWhole = spec.type === 'number' || Number.isSafeInteger(value);
  if (Number.isFinite(value) && isWhole && value >= minimum && value <= maximum) return value;
  throw invalid(name, `must be ${describeRange(spec)}, not ${text}`);
}

function describeRange({ type, minimum, maximum }: FlagSpec): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  if (minimum !== undefined && maximum !== undefined)
    return `${kind} from ${minimum} to ${maximum}`;
  return minimum === undefined ? kind : `${kind} from ${minimum}`;
}

function invalid(name: string, reason: string): LlcudaError {
  return new LlcudaError('USAGE_INVALID', `${name} ${reason}`, {
    detail: { argument: name },
    hint: 'Run `llcuda help COMMAND` for what it takes.',
  });
}
