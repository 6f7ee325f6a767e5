import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src/errors/error-details.ts';
import { createDataHost } from '../../src/host/create-data-host.ts';
import { createFetch } from '../../src/net/create-fetch.ts';
import { createHttpSource } from '../../src/net/create-http-source.ts';
import { answerRange, serveRanges, type Liar } from '../support/serve-ranges.ts';
import { serve } from '../support/serve.ts';

const fetch = createFetch(createDataHost());
const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const options = { fetch, retryDelayMs: 1 };

async function readAll(url: string): Promise<void> {
  const source = await createHttpSource(url, options);
  await source.read(100_000, 100);
  await source.read(200_000, 100);
}

test('gives any range, and asks for what it has no more than once', async () => {
  await using server = await serveRanges(content);
  const source = await createHttpSource(`${server.url}/lib.so`, options);
  const ranges = [
    [0, 4096],
    [299_999, 1],
    [100_000, 100],
    [100_050, 2000],
    [299_000, 1000],
    [0, 300_000],
    [300_000, 0],
  ] as const;

  for (const [offset, length] of [...ranges, ...ranges.slice(0, 5)]) {
    const bytes = await source.read(offset, length);
    expect(Buffer.from(bytes).equals(content.subarray(offset, offset + length))).toBe(true);
  }

  expect(source.sizeBytes).toBe(300_000);
  expect(server.requests.length).toBeLessThan(10);
});

test('asks once for a block that two reads want at the same time', async () => {
  await using server = await serveRanges(content);
  const source = await createHttpSource(server.url, options);

  const reads = await Promise.all([source.read(100_000, 10), source.read(100_005, 10)]);

  expect(reads.map((bytes) => bytes.length)).toEqual([10, 10]);
  expect(server.requests).toHaveLength(2);
});

test('widens reads that follow each other', async () => {
  await using server = await serveRanges(content);
  const source = await createHttpSource(server.url, options);

  for (let offset = 100_000; offset < 300_000; offset += 500) await source.read(offset, 500);

  expect(server.requests.length).toBeLessThan(20);
});

test('reads a file that is smaller than the first request', async () => {
  await using server = await serveRanges(content.subarray(0, 100));

  const source = await createHttpSource(server.url, options);

  expect(source.sizeBytes).toBe(100);
  expect(await source.read(90, 10)).toHaveLength(10);
  expect(server.requests).toHaveLength(1);
});

const afterFirst =
  (lie: Liar): Liar =>
  (answer, context) =>
    context.count === 1 ? answer : lie(answer, context);

const liars: readonly (readonly [string, ErrorCode, Liar])[] = [
  [
    'sends the whole file at once',
    'RANGE_UNSUPPORTED',
    () => ({ status: 200, headers: { 'content-length': content.length }, body: content }),
  ],
  [
    'sends the whole file later',
    'RANGE_UNSUPPORTED',
    afterFirst((answer) => ({
      status: 200,
      headers: { etag: '"one"', 'last-modified': answer.headers['last-modified'] ?? '' },
      body: content,
    })),
  ],
  [
    'sends the whole new file for If-Range',
    'SOURCE_CHANGED',
    afterFirst(() => ({ status: 200, headers: { etag: '"two"' }, body: content })),
  ],
  [
    'changes the ETag',
    'SOURCE_CHANGED',
    afterFirst((answer) => ({ ...answer, headers: { ...answer.headers, etag: '"two"' } })),
  ],
  [
    'changes Last-Modified',
    'SOURCE_CHANGED',
    afterFirst((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT' },
    })),
  ],
  [
    'changes the total',
    'SOURCE_CHANGED',
    afterFirst((answer) => ({
      ...answer,
      headers: {
        ...answer.headers,
        'content-range': String(answer.headers['content-range']).replace('/300000', '/300001'),
      },
    })),
  ],
  [
    'leaves out Content-Range',
    'RANGE_UNSUPPORTED',
    (answer) => ({ ...answer, headers: { 'content-length': answer.body.length } }),
  ],
  [
    'does not know the total',
    'RANGE_UNSUPPORTED',
    (answer) => ({ ...answer, headers: { ...answer.headers, 'content-range': 'bytes 0-16383/*' } }),
  ],
  [
    'sends another range',
    'RANGE_UNSUPPORTED',
    afterFirst((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-range': 'bytes 0-511/300000' },
    })),
  ],
  [
    'has a range that ends behind the total',
    'RANGE_UNSUPPORTED',
    (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-range': 'bytes 0-16383/100' },
    }),
  ],
  [
    'sends fewer bytes than the range has',
    'RANGE_UNSUPPORTED',
    afterFirst((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-length': 100 },
      body: answer.body.subarray(0, 100),
    })),
  ],
  [
    'sends more bytes than the range has',
    'RANGE_UNSUPPORTED',
    afterFirst((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-length': 5000 },
      body: content.subarray(0, 5000),
    })),
  ],
  [
    'sends several ranges',
    'RANGE_UNSUPPORTED',
    () => ({
      status: 206,
      headers: { 'content-type': 'multipart/byteranges; boundary=x' },
      body: Buffer.from('--x--'),
    }),
  ],
  [
    'sends it compressed',
    'RANGE_UNSUPPORTED',
    (answer) => ({ ...answer, headers: { ...answer.headers, 'content-encoding': 'x-own' } }),
  ],
  [
    'refuses every range',
    'RANGE_UNSUPPORTED',
    () => ({ status: 416, headers: {}, body: Buffer.alloc(0) }),
  ],
  ['does not have it', 'DOWNLOAD_REFUSED', () => ({ status: 404, headers: {}, body: content })],
  ['forbids it', 'DOWNLOAD_REFUSED', () => ({ status: 403, headers: {}, body: content })],
  ['stays overloaded', 'DOWNLOAD_REFUSED', () => ({ status: 503, headers: {}, body: content })],
  [
    'always breaks off',
    'DOWNLOAD_INTERRUPTED',
    afterFirst((answer, { response }) => {
      response.writeHead(206, answer.headers);
      response.write(answer.body.subarray(0, 10), () => response.destroy());
      return undefined;
    }),
  ],
];

test.each(liars)('refuses a server that %s', async (_name, code, lie) => {
  await using server = await serveRanges(content, lie);

  await expect(readAll(`${server.url}/lib.so?signature=secret`)).rejects.toMatchObject({
    code,
    message: expect.not.stringContaining('secret'),
  });
});

test('goes on after an answer that broke off and one of an overloaded server', async () => {
  await using server = await serveRanges(content, (answer, { count, response }) => {
    if (count === 2) return { status: 503, headers: {}, body: content.subarray(0, 1) };
    if (count !== 3) return answer;
    response.writeHead(206, answer.headers);
    response.write(answer.body.subarray(0, 10), () => response.destroy());
    return undefined;
  });

  await readAll(server.url);

  expect(server.requests).toHaveLength(5);
});

test('sends If-Range with a strong ETag, and not with a weak one', async () => {
  const seen: (string | undefined)[] = [];
  for (const etag of ['"strong"', 'W/"weak"']) {
    await using server = await serveRanges(content, (answer) => ({
      ...answer,
      headers: { ...answer.headers, etag },
    }));
    await readAll(server.url);
    seen.push(server.requests[1]?.headers['if-range'] as string | undefined);
  }

  expect(seen).toEqual(['"strong"', undefined]);
});

test('asks the URL that a redirect led to, and the first one again when that expires', async () => {
  let validUntil = 3;
  let count = 0;
  await using server = await serve((request, response) => {
    count += 1;
    if (request.url === '/lib.so') {
      response.writeHead(302, { location: `/signed?until=${validUntil}` }).end();
      return;
    }
    const until = Number(new URL(request.url ?? '', server.url).searchParams.get('until'));
    if (count > until) {
      validUntil = count + 100;
      response.writeHead(403).end();
      return;
    }
    const answer = answerRange(content, request);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });

  const source = await createHttpSource(`${server.url}/lib.so`, options);
  for (const offset of [100_000, 150_000, 200_000, 250_000]) await source.read(offset, 10);

  const paths = server.requests.map(({ url }) => url?.split('?')[0]);
  expect(paths).toEqual([
    '/lib.so',
    '/signed',
    '/signed',
    '/signed',
    '/lib.so',
    '/signed',
    '/signed',
    '/signed',
  ]);
});

test('refuses http elsewhere than on this machine', async () => {
  await expect(createHttpSource('http://192.0.2.1/lib.so', options)).rejects.toMatchObject({
    code: 'DOWNLOAD_UNREACHABLE',
  });
});

test('stops when the signal fires', async () => {
  await using server = await serveRanges(content, () => undefined);
  const signal = AbortSignal.timeout(50);

  await expect(createHttpSource(server.url, { ...options, signal })).rejects.toThrow('timeout');
});
