import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, waitUntil } from '../support/embedded.ts';
import { llcudaBin, runLlcuda, startLlcuda } from '../support/run-llcuda.ts';
import { runShell } from '../support/run-shell.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { testModel } from '../support/test-store.ts';
import { findChildren } from '../support/find-children.ts';

const question = 'What is the capital of France?';

describe('the llcuda command', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    );

    await expect(runLlcuda(['--version'])).resolves.toMatchObject({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('answers on stdout alone, with one line of figures on stderr', async () => {
    const { exitCode, stdout, stderr } = await runLlcuda(['run', question]);

    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'The capital of France is Paris.\n',
    });
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^smollm2-135m \| CPU, llama\.cpp v0\.5\.0 \(embedded\) \| \d+ tokens \| [\d.]+ tokens\/s \| first after .+$/,
    );
  });

  it('takes the prompt from a pipe and prints nothing else when quiet', async () => {
    const result = await runLlcuda(['run', testModel, '--quiet'], { input: `${question}\n` });

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('Paris');
  });

  it('prints one JSON document with --json', async () => {
    const { stdout } = await runLlcuda(['run', testModel, question, '--json', '--max-tokens', '4']);

    expect(JSON.parse(stdout)).toMatchObject({
      text: expect.stringContaining('The capital'),
      finishReason: 'length',
      generatedTokens: 4,
      model: testModel,
      device: 'CPU',
    });
  });

  it('passes every sampling flag on', async () => {
    const flags = '--temperature 1.2 --top-p 0.9 --top-k 50 --min-p 0.01 --seed 11 --max-tokens 12';
    const args = ['run', testModel, 'Tell me a story.', '--quiet', ...flags.split(' ')];

    const [first, second] = [await runLlcuda(args), await runLlcuda(args)];
    const other = await runLlcuda([...args.slice(0, -3), '12', '--max-tokens', '12']);

    expect(first.stdout).toBe(second.stdout);
    expect(other.stdout).not.toBe(first.stdout);
  });

  it.each([
    { moment: 'while the model is loaded', text: 'Loading' },
    { moment: 'in the middle of the answer', text: /\w+ \w+ \w+/ },
  ])('ends on Ctrl+C $moment with 130 and leaves no process behind', async ({ text }) => {
    const args = [
      'run',
      testModel,
      'Once upon a time',
      '--raw',
      ...(typeof text === 'string' ? [] : ['--quiet']),
    ];
    const running = startLlcuda(args);
    await running.waitFor(text);
    const children = await findChildren(running.child.pid);

    running.child.kill('SIGINT');
    const { exitCode } = await running.exited;

    expect(exitCode).toBe(130);
    await waitUntil(() => !children.some(isAlive), 2_000);
  });

  it('leaves no process behind when it is killed in the middle of an answer', async () => {
    const running = startLlcuda(['run', testModel, 'Once upon a time', '--raw', '--quiet']);
    await running.waitFor(/\w+ \w+ \w+/);
    const children = await findChildren(running.child.pid);
    expect(children).toHaveLength(1);

    running.child.kill('SIGKILL');
    await running.exited;

    await waitUntil(() => !children.some(isAlive), 2_000);
  });

  it('says that its model process was killed, and ends', async () => {
    const running = startLlcuda(['run', testModel, 'Once upon a time', '--raw', '--quiet']);
    await running.waitFor(/\w+ \w+ \w+/);
    const [child] = await findChildren(running.child.pid);

    process.kill(child!, 'SIGKILL');
    const { exitCode, stderr } = await running.exited;

    expect(exitCode).toBe(70);
    expect(stderr).toContain('RUNTIME_CRASHED');
    expect(stderr).toContain('SIGKILL');
  });

  it('ends quietly when the reader of its answer goes away', async () => {
    const running = startLlcuda(['run', testModel, 'Once upon a time', '--raw', '--quiet']);
    await running.waitFor(/\w+ \w+ \w+/);
    const children = await findChildren(running.child.pid);

    running.child.stdout?.destroy();
    const { exitCode, stderr } = await running.exited;

    await waitUntil(() => !children.some(isAlive), 2_000);
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
  });

  it('says that its output could not be written', async () => {
    const { exitCode, stderr } = await runShell(
      `'${process.execPath}' '${llcudaBin}' models > /dev/full`,
    );

    expect(exitCode).toBe(74);
    expect(stderr).toContain('DISK_FULL');
  });

  it('answers when nobody reads its messages', async () => {
    const command = `('${process.execPath}' '${llcudaBin}' run '${question}'; echo "exit code $?") 2> >(exec 2>&-; exec 0<&-)`;

    const { stdout } = await runShell(command);

    expect(stdout).toContain('Paris');
    expect(stdout).toContain('exit code 0');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends on %s while it waits for a prompt',
    async (signal) => {
      const running = startLlcuda(['run', testModel], { keepInputOpen: true });
      // Long enough to have begun to read; there is nothing to see of it.
      await new Promise((resolve) => setTimeout(resolve, 1_000));

      running.child.kill(signal);

      await expect(running.exited).resolves.toMatchObject({
        exitCode: signal === 'SIGINT' ? 130 : 143,
      });
    },
  );

  it('refuses a system message with --raw', async () => {
    const result = await runLlcuda(['run', testModel, 'Hi', '--raw', '--system', 'x']);

    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('--raw and --system');
  });

  it('cannot write its store: says so with the way out', async () => {
    await using directory = await createTemporaryDirectory();
    const file = join(directory.path, 'file');
    await writeFile(file, '');

    const { exitCode, stderr } = await runLlcuda(['run', question], {
      env: { LLCUDA_HOME: join(file, 'store') },
    });

    expect(exitCode).toBe(73);
    expect(stderr).toContain('STORE_NOT_WRITABLE');
    expect(stderr).toContain('LLCUDA_HOME');
  });
});

describe('llcuda chat', () => {
  it('holds a conversation, saves it, and loads it again', async () => {
    await using directory = await createTemporaryDirectory();
    const options = { workingDirectory: directory.path };
    const talk = [question, 'And of Germany?', '/save talk.jsonl', '/exit'].join('\n');

    const first = await runLlcuda(['chat', testModel], { ...options, input: talk });
    const saved = await readFile(join(directory.path, 'talk.jsonl'), 'utf8');
    const second = await runLlcuda(['chat'], {
      ...options,
      input:
        '/load talk.jsonl\n/reset\n/system Answer in one word.\n/save empty.jsonl\n/nope\n/load none.jsonl\n',
    });

    expect(first.exitCode).toBe(0);
    expect(first.stdout).toMatch(/Paris[^]*Berlin/);
    expect(
      saved
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).role),
    ).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(second.stderr).toContain('Loaded 4 messages');
    expect(second.stderr).toContain('USAGE_INVALID: There is no /nope');
    expect(second.stderr).toContain('CHAT_FILE_INVALID: Cannot read');
    expect(second.exitCode).toBe(0);
    await expect(readFile(join(directory.path, 'empty.jsonl'), 'utf8')).resolves.toBe(
      '{"role":"system","content":"Answer in one word."}\n',
    );
  });

  it('stops an answer on Ctrl+C and goes on; a second one without an answer leaves', async () => {
    const running = startLlcuda(['chat', testModel], {
      input: 'Tell me a very long story.\n',
      keepInputOpen: true,
    });
    await running.waitFor(/\w+ \w+ \w+ \w+ \w+/);

    running.child.kill('SIGINT');
    await running.waitFor('(stopped)');
    running.child.stdin?.write(`${question}\n`);
    await running.waitFor('tokens/s');
    running.child.kill('SIGINT');
    await running.waitFor('Ctrl+C again');
    running.child.kill('SIGINT');

    await expect(running.exited).resolves.toMatchObject({ exitCode: 130 });
  });

  it('works in a terminal: prompt, answer, Ctrl+D', async () => {
    const { runInTerminal } = await import('../support/run-in-terminal.ts');

    const screen = await runInTerminal(['chat', testModel], [question, '\u0004']);

    expect(screen).toContain('> ');
    expect(screen).toContain('The capital of France is Paris.');
    expect(screen).toContain('exit code 0');
  });

  it('leaves a terminal after Ctrl+D in the middle of an answer', async () => {
    const { runInTerminal } = await import('../support/run-in-terminal.ts');

    const screen = await runInTerminal(['chat', testModel], [`${question}\r\u0004`]);

    expect(screen).toContain('exit code 0');
  });

  it('refuses --json', async () => {
    await expect(runLlcuda(['chat', '--json'])).resolves.toMatchObject({ exitCode: 2 });
  });
});
