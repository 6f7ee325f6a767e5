import * as v from 'valibot';
import { LlcudaError } from '../errors/llcuda-error.ts';

export interface VersionedFormat<Value> {
  readonly schema: v.GenericSchema<unknown, Value>;
  /** The newest `schemaVersion` that this llcuda knows. */
  readonly known: number;
  /** What messages call the text. */
  readonly source: string;
  /** The failure for text that does not follow the schema. */
  readonly invalid: (reason: string) => LlcudaError;
}

const versioned = v.object({ schemaVersion: v.pipe(v.number(), v.integer(), v.minValue(1)) });

/**
 * Reads JSON that states its schema. Throws what `invalid` makes, and `SCHEMA_TOO_NEW` before anything else is looked
 * at where a newer llcuda wrote it.
 */
export function parseVersioned<Value>(text: string, format: VersionedFormat<Value>): Value {
  const { schema, known, source, invalid } = format;
  const data = parseJson(text, invalid);
  const head = v.safeParse(versioned, data);
  if (!head.success) throw invalid('it states no schemaVersion');
  const { schemaVersion } = head.output;
  if (schemaVersion > known) {
    const message = `${source} has the schema ${schemaVersion}, and this llcuda knows up to ${known}`;
    throw new LlcudaError('SCHEMA_TOO_NEW', message, {
      detail: { source, schemaVersion, known },
      hint: 'Update llcuda: `npm install -g llcuda@latest`.',
    });
  }
  const result = v.safeParse(schema, data, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw invalid(`${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function parseJson(text: string, invalid: (reason: string) => LlcudaError): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no JSON');
  }
}
