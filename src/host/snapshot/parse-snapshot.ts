import * as v from 'valibot';
import { LlcudaError } from '../../errors/llcuda-error.ts';
import { SNAPSHOT_LIMIT_BYTES } from './limits.ts';
import { snapshotSchema } from './snapshot-schema.ts';
import { SNAPSHOT_SCHEMA_VERSION, type Snapshot } from './snapshot.ts';

/** Reads a snapshot, whoever wrote it. Throws `SNAPSHOT_INVALID` and `SNAPSHOT_TOO_NEW`. */
export function parseSnapshot(text: string): Snapshot {
  if (text.length > SNAPSHOT_LIMIT_BYTES) throw invalid(`it has ${text.length} characters`);
  const document = parseJson(text);
  const version = findSchemaVersion(document);
  if (version !== undefined && version > SNAPSHOT_SCHEMA_VERSION) {
    throw new LlcudaError(
      'SNAPSHOT_TOO_NEW',
      `The snapshot is of schema ${version}; this llcuda reads up to ${SNAPSHOT_SCHEMA_VERSION}`,
      {
        detail: { schemaVersion: version, supported: SNAPSHOT_SCHEMA_VERSION },
        hint: 'Run it with the newest llcuda: `npx llcuda@latest doctor --from FILE`.',
      },
    );
  }
  const result = v.safeParse(snapshotSchema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  // The place may be any text of the file.
  const place = (v.getDotPath(issue) ?? 'the document').replaceAll(/[^\w./ -]/g, '?').slice(0, 120);
  throw invalid(`${place}: ${issue.message.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is no complete JSON document');
  }
}

function findSchemaVersion(document: unknown): number | undefined {
  const head = v.safeParse(v.object({ schemaVersion: v.pipe(v.number(), v.integer()) }), document);
  return head.success ? head.output.schemaVersion : undefined;
}

function invalid(reason: string): LlcudaError {
  return new LlcudaError('SNAPSHOT_INVALID', `Not a snapshot of a host: ${reason}`, {
    detail: { reason },
    hint: 'Record it again with `llcuda doctor --snapshot FILE`.',
  });
}
