import { describe, expect, it } from 'vitest';
import { createInterrupts } from '../../src/cli/interrupts.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { SMI_QUERY, smiLine } from '../support/smi-output.ts';

const withGpu = {
  commands: { [SMI_QUERY]: { stdout: smiLine() } },
};

const commandNames =
  'run chat models pull inspect explain pack index install runtimes use rollback remove gc'.split(
    ' ',
  );

describe('runCli', () => {
  it.each([[], ['--help'], ['help'], ['-h']])('prints the help with %j', async (...argv) => {
    const { exitCode, stdout, stderr } = await runInProcess(argv);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: llcuda/);
    for (const command of commandNames) expect(stdout).toContain(command);
  });

  it.each(commandNames)('prints the help of %s within 80 columns', async (name) => {
    const { exitCode, stdout } = await runInProcess(['help', name]);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    const options = stdout.slice(0, stdout.indexOf('Examples:'));
    expect(Math.max(...options.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    { argv: ['rum'], message: "unknown command 'rum'", hint: 'Did you mean run?' },
    {
      argv: ['run', '--tmperature', '1'],
      message: "unknown option '--tmperature'",
      hint: '--temperature',
    },
    {
      argv: ['run', '--temperature', 'hot'],
      message: '--temperature must be a number from 0',
      hint: '',
    },
    { argv: ['run', '--top-k', '1.5'], message: '--top-k must be a whole number', hint: '' },
    {
      argv: ['run', '--max-tokens', '0'],
      message: '--max-tokens must be a whole number from 1',
      hint: '',
    },
    {
      argv: ['run', '--gpu', 'maybe'],
      message: '--gpu must be one of auto, required, off',
      hint: '',
    },
    { argv: ['run', 'a', 'b', 'c'], message: 'too many arguments', hint: '' },
    { argv: ['pull'], message: "missing required argument 'model'", hint: '' },
    { argv: ['run', '--seed'], message: 'argument missing', hint: '' },
  ])('refuses $argv with exit code 2', async ({ argv, message, hint }) => {
    const { exitCode, stdout, stderr } = await runInProcess(argv);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('error USAGE_INVALID');
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('prints one JSON document for a failure, wherever it comes from', async () => {
    const usage = await runInProcess(['run', '--nope', '--json']);
    const gpu = await runInProcess(['run', 'Hello', '--json'], { data: withGpu });

    expect(usage.exitCode).toBe(2);
    expect(JSON.parse(usage.stdout)).toMatchObject({ error: { code: 'USAGE_INVALID' } });
    expect(gpu.exitCode).toBe(69);
    expect(JSON.parse(gpu.stdout)).toEqual({
      error: {
        code: 'GPU_RUNTIME_MISSING',
        message: 'This machine has Tesla T4, and no installed runtime can use it',
        hint: expect.stringContaining('--gpu off'),
        detail: { gpus: ['Tesla T4'] },
      },
    });
    expect([usage.stderr, gpu.stderr]).toEqual(['', '']);
  });

  it('prints what happened and the next step, with the stack only when asked', async () => {
    const short = await runInProcess(['run', 'Hello'], { data: withGpu });
    const long = await runInProcess(['run', 'Hello', '--verbose'], { data: withGpu });

    expect(short.stderr).toMatchInlineSnapshot(`
      "error GPU_RUNTIME_MISSING: This machine has Tesla T4, and no installed runtime can use it
        Add \`--gpu off\` (library: \`gpu: 'off'\`) to run on the processor on purpose.
      "
    `);
    expect(long.stderr).toContain('at ');
    expect(long.stderr).toContain("gpus: [ 'Tesla T4' ]");
  });

  it('colours a terminal, and neither a pipe nor with --no-color or NO_COLOR', async () => {
    const colored = await runInProcess(['rum'], { isTerminal: true });
    const plain = [
      await runInProcess(['rum']),
      await runInProcess(['rum', '--no-color'], { isTerminal: true }),
      await runInProcess(['rum'], { isTerminal: true, data: { env: { NO_COLOR: '1' } } }),
    ];

    expect(colored.stderr).toContain('\u001b[31m');
    for (const { stderr } of plain) expect(stderr).not.toContain('\u001b');
  });

  it('ends with 130 when it was interrupted', async () => {
    const interrupts = createInterrupts();
    interrupts.trigger();

    const { exitCode, stderr } = await runInProcess(['pull', 'smollm2-135m'], { interrupts });

    expect(exitCode).toBe(130);
    expect(stderr).toContain('INTERRUPTED');
  });
});

describe('llcuda run, before a model is loaded', () => {
  it.each([
    { argv: ['run'], input: '' },
    { argv: ['run', ''], input: undefined },
    { argv: ['run', '-'], input: ' \n' },
    { argv: ['run', 'smollm2-135m'], input: '' },
    { argv: ['run', 'smollm2-135m', '  '], input: undefined },
  ])('refuses the empty prompt of $argv', async ({ argv, input }) => {
    const { exitCode, stderr } = await runInProcess(argv, {
      ...(input !== undefined && { input }),
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('PROMPT_EMPTY');
  });

  it.each([
    { argv: ['run', 'smolm2-135m'], code: 'MODEL_UNKNOWN', hint: 'smollm2-135m', exitCode: 66 },
    { argv: ['run', 'gema-3-1b', 'Hi'], code: 'MODEL_UNKNOWN', hint: 'gemma-3-1b', exitCode: 66 },
    { argv: ['run', './no.gguf', 'Hi'], code: 'MODEL_FILE_NOT_FOUND', hint: '', exitCode: 66 },
    {
      argv: ['run', 'hf:owner/repo', 'Hi'],
      code: 'MODEL_REFERENCE_INVALID',
      hint: '',
      exitCode: 2,
    },
  ])('names what is wrong with $argv', async ({ argv, code, hint, exitCode }) => {
    const result = await runInProcess(argv, { input: 'Hi' });

    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain(hint);
    expect(result.exitCode).toBe(exitCode);
  });

  it('says which GPU is missing when one is required', async () => {
    const { exitCode, stderr } = await runInProcess(['run', 'Hello', '--gpu', 'required']);

    expect(exitCode).toBe(69);
    expect(stderr).toContain('GPU_NOT_FOUND');
  });
});

describe('llcuda models', () => {
  it('lists every model within 80 columns', async () => {
    const { exitCode, stdout } = await runInProcess(['models']);

    const lines = stdout.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(lines[0]).toMatch(/^NAME +TASK +QUANT +SIZE +LICENCE +HERE$/);
    expect(lines.length).toBeGreaterThan(30);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^smollm2-135m +chat +Q4_1 +98\.4 MB +apache-2\.0 +-$/m);
  });

  it('says so when no model is on this machine', async () => {
    const { stdout } = await runInProcess(['models', '--downloaded']);

    expect(stdout).toContain('llcuda pull NAME');
  });

  it('gives scripts the whole registry', async () => {
    const { stdout } = await runInProcess(['models', '--json']);

    const { models } = JSON.parse(stdout);
    expect(models[0]).toMatchObject({
      name: 'smollm2-135m',
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      path: null,
    });
  });
});
