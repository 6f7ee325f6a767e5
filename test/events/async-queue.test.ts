import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AsyncQueue } from '../../src/events/async-queue.ts';

async function readAll<Item>(queue: AsyncQueue<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe('AsyncQueue', () => {
  it('gives what was pushed before the reading began', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.push(2);
    queue.close();

    const items = await readAll(queue);

    expect(items).toEqual([1, 2]);
  });

  it('gives what is pushed while the reader waits', async () => {
    const queue = new AsyncQueue<string>();
    const reading = readAll(queue);
    await Promise.resolve();
    queue.push('late');
    setTimeout(() => queue.push('later'), 5);
    setTimeout(() => queue.close(), 10);

    const items = await reading;

    expect(items).toEqual(['late', 'later']);
  });

  it('ends at once when it was closed empty', async () => {
    const queue = new AsyncQueue<number>();
    queue.close();

    const items = await readAll(queue);

    expect(items).toEqual([]);
  });

  it('gives what is queued before it fails', async () => {
    const queue = new AsyncQueue<number>();
    const failure = new Error('the other side ended');
    const items: number[] = [];
    queue.push(1);
    queue.fail(failure);

    const reading = (async () => {
      for await (const item of queue) items.push(item);
    })();

    await expect(reading).rejects.toBe(failure);
    expect(items).toEqual([1]);
  });

  it('wakes a waiting reader when it fails', async () => {
    const queue = new AsyncQueue<number>();
    const failure = new Error('the other side ended');
    const reading = readAll(queue);
    setTimeout(() => queue.fail(failure), 5);

    const outcome = reading;

    await expect(outcome).rejects.toBe(failure);
  });

  it('fails even with undefined as the error', async () => {
    const queue = new AsyncQueue<number>();
    queue.fail(undefined);

    const outcome = await readAll(queue).then(
      () => 'ended',
      (error: unknown) => ({ error }),
    );

    expect(outcome).toEqual({ error: undefined });
  });

  it('keeps to the first end it was given, and takes nothing after it', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.close();
    queue.fail(new Error('too late'));
    queue.push(2);

    const items = await readAll(queue);

    expect(items).toEqual([1]);
  });

  it('gives every item once and in order, however the pushes are spread over time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(), { maxLength: 4 })), async (batches) => {
        const queue = new AsyncQueue<number>();
        const reading = readAll(queue);
        for (const batch of batches) {
          for (const item of batch) queue.push(item);
          await new Promise((resolve) => setImmediate(resolve));
        }
        queue.close();

        const items = await reading;

        expect(items).toEqual(batches.flat());
      }),
      { numRuns: 50 },
    );
  });
});
