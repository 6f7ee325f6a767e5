import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve, type LoopbackServer } from './serve.ts';

export interface RangeAnswer {
  status: number;
  headers: Record<string, string | number>;
  body: Uint8Array;
}

/** Changes an answer, or answers itself and gives nothing. `count` is 1 for the first request. */
export type Liar = (
  answer: RangeAnswer,
  context: { readonly count: number; request: IncomingMessage; response: ServerResponse },
) => RangeAnswer | undefined;

/** Serves a file by ranges, as it should be done; a liar may change each answer. */
export async function serveRanges(
  content: Uint8Array,
  lie: Liar = (answer) => answer,
): Promise<LoopbackServer> {
  let count = 0;
  return serve((request, response) => {
    count += 1;
    const honest = answerRange(content, request);
    const answer = lie(honest, { count, request, response });
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
  });
}

export function answerRange(content: Uint8Array, request: IncomingMessage): RangeAnswer {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (match === null) {
    return { status: 200, headers: { 'content-length': content.length }, body: content };
  }
  const first = Number(match[1]);
  const last = Math.min(Number(match[2]), content.length - 1);
  const body = content.subarray(first, last + 1);
  return {
    status: 206,
    headers: {
      'content-length': body.length,
      'content-range': `bytes ${first}-${last}/${content.length}`,
      etag: '"one"',
      'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT',
    },
    body,
  };
}
