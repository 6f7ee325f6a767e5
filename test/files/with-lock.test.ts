import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lockPathFor, withLock } from '../../src/files/with-lock.ts';
import { builtModule, startScript } from '../support/run-script.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

/** Holds the lock given as its argument until it is killed. */
const holderScript = `
  import { withLock } from ${JSON.stringify(builtModule('files/with-lock.js'))};
  await withLock(process.argv[1], {}, async () => {
    console.log('held');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });
`;

/** Enters the lock many times; fails when it finds another process inside. */
const contenderScript = `
  import { openSync, closeSync, rmSync, appendFileSync } from 'node:fs';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { withLock } from ${JSON.stringify(builtModule('files/with-lock.js'))};
  const [lock, marker, log] = process.argv.slice(1);
  for (let round = 0; round < 5; round += 1) {
    await withLock(lock, {}, async () => {
      closeSync(openSync(marker, 'wx'));
      await sleep(20);
      rmSync(marker);
      appendFileSync(log, process.pid + '\\n');
    });
  }
`;

describe('withLock', () => {
  it('gives back what the work gives, and leaves no lock behind', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'below', 'a.lock');

    const wasHeld = await withLock(path, {}, async () => existsSync(path));

    expect(wasHeld).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('passes the error of the work on, and can be taken again', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    const failure = new Error('the work failed');

    const first = withLock(path, {}, async () => Promise.reject(failure));

    await expect(first).rejects.toBe(failure);
    await expect(withLock(path, {}, async () => 'second')).resolves.toBe('second');
  });

  it('lets one caller of a process in at a time, and tells those who wait once', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    let [inside, most, waits] = [0, 0, 0];
    const enter = async (): Promise<void> =>
      withLock(path, { onWait: () => (waits += 1) }, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await sleep(400);
        inside -= 1;
      });

    await Promise.all([enter(), enter()]);

    expect(most).toBe(1);
    expect(waits).toBe(1);
  });

  it('keeps two processes out of each other', async () => {
    await using directory = await createTemporaryDirectory();
    const lock = join(directory.path, 'a.lock');
    const marker = join(directory.path, 'marker');
    const log = join(directory.path, 'log');
    await writeFile(log, '');

    await using first = startScript(contenderScript, [lock, marker, log]);
    await using second = startScript(contenderScript, [lock, marker, log]);
    const results = await Promise.all([first.exited, second.exited]);

    expect(results.map(({ stderr }) => stderr)).toEqual(['', '']);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it('takes over from a holder that was killed', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    await using holder = startScript(holderScript, [path]);
    await holder.waitFor('held');
    let waits = 0;

    const waiting = withLock(path, { onWait: () => (waits += 1) }, async () => 'taken');
    holder.child.kill('SIGKILL');

    await expect(waiting).resolves.toBe('taken');
    expect(waits).toBe(1);
  });

  it('does not take over from a living holder', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    await using holder = startScript(holderScript, [path]);
    await holder.waitFor('held');
    const signal = AbortSignal.timeout(9_500);

    const waiting = withLock(path, { signal }, async () => 'taken');

    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(holder.child.exitCode).toBeNull();
  });

  it('stops waiting when the signal fires, with the reason of the signal', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    const controller = new AbortController();
    const reason = new Error('enough');

    const waiting = withLock(path, {}, async () =>
      withLock(
        path,
        { signal: controller.signal, onWait: () => setTimeout(() => controller.abort(reason), 20) },
        async () => 'taken',
      ),
    );

    await expect(waiting).rejects.toBe(reason);
  });

  it('does not begin when the signal has fired already', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');
    const reason = new Error('enough');
    let hasRun = false;

    const waiting = withLock(path, { signal: AbortSignal.abort(reason) }, async () => {
      hasRun = true;
    });

    await expect(waiting).rejects.toBe(reason);
    expect(hasRun).toBe(false);
  });

  it('hands the signal of the caller to the work', async () => {
    await using directory = await createTemporaryDirectory();
    const controller = new AbortController();
    const reason = new Error('enough');

    const working = withLock(
      join(directory.path, 'a.lock'),
      { signal: controller.signal },
      async (signal) => {
        controller.abort(reason);
        signal.throwIfAborted();
      },
    );

    await expect(working).rejects.toBe(reason);
  });

  it('tells the work that the lock was lost, and leaves the lock of the new holder alone', async () => {
    await using directory = await createTemporaryDirectory();
    const path = join(directory.path, 'a.lock');

    const working = withLock(path, {}, async (signal) => {
      await rm(path, { recursive: true });
      await sleep(5); // a new folder has another time
      await mkdir(path);
      while (!signal.aborted) await sleep(20);
      signal.throwIfAborted();
    });

    await expect(working).rejects.toMatchObject({ code: 'STORE_LOCK_LOST', detail: { path } });
    expect(existsSync(path)).toBe(true);
  });

  it('names a store that cannot be written', async () => {
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, 'file');
    await writeFile(file, '');

    const working = withLock(join(file, 'below', 'a.lock'), {}, async () => 'done');

    await expect(working).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' });
  });
});

describe('lockPathFor', () => {
  it('puts the lock beside what it guards', () => {
    const path = lockPathFor('/store/models/abc/model.gguf');

    expect(path).toBe('/store/models/abc/.model.gguf.lock');
  });
});
