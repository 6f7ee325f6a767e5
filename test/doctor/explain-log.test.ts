import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget, resolveTarget } from '../../src/compat/parse-target.ts';
import { explainLog } from '../../src/doctor/explain/explain-log.ts';
import { knownErrors } from '../../src/doctor/explain/known-errors.ts';
import { HEAD_MAXIMUM, TAIL_MAXIMUM } from '../../src/doctor/explain/limits.ts';
import { colabLog } from '../support/colab-log.ts';

describe('explainLog', () => {
  it('puts the cause before what follows from it, wherever they are', () => {
    const log = [
      "srv    load_model: failed to load model, 'models/model.gguf'",
      'srv  llama_server: exiting due to model loading error',
      "llama_model_load: error loading model: unknown model architecture: 'gemma5'",
    ].join('\n');

    const { errors, isExplained } = explainLog(log);

    expect(isExplained).toBe(true);
    expect(errors.map(({ id, count }) => ({ id, count }))).toEqual([
      { id: 'model-architecture-unknown', count: 1 },
      { id: 'model-load-failed', count: 2 },
    ]);
    expect(errors[0]?.cause).toContain('gemma5');
  });

  it('puts the CUDA error before the abort that it led to, and quotes the lines with their numbers', () => {
    const { errors } = explainLog(colabLog);

    expect(errors.map(({ id }) => id)).toEqual([
      'cuda-ptx-too-new',
      'ggml-abort',
      'segmentation-fault',
    ]);
    expect(errors[0]?.lines).toEqual([
      {
        number: 9,
        text: 'CUDA error: the provided PTX was compiled with an unsupported toolchain.',
      },
    ]);
  });

  it('takes the facts out of a log', () => {
    const log = `${colabLog}
build: 5372 (ab3971f2a) with cc for x86_64-linux-gnu
| NVIDIA-SMI 550.54.15              Driver Version: 550.54.15      CUDA Version: 12.4     |
./llama-server: error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file
./llama-server: /lib/x86_64-linux-gnu/libc.so.6: version \`GLIBC_2.38' not found (required by ./llama-server)
llama_model_load: error loading model: failed to load model from models/tiny.gguf
ggml_backend_cuda_buffer_type_alloc_buffer: allocating 8192.00 MiB on device 0: cudaMalloc failed: out of memory
srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080
llama_model_load: unknown model architecture: 'gemma5'`;

    expect(explainLog(log).facts).toEqual({
      gpus: [{ name: 'Tesla T4', capability: 75 }],
      driver: '550.54.15',
      driverCuda: '12.4',
      architectures: ['500', '610', '700', '750', '800', '860', '890'],
      build: '5372 (ab3971f2a)',
      missingLibraries: ['libcudart.so.12'],
      missingVersions: ['GLIBC_2.38'],
      modelPaths: ['models/tiny.gguf'],
      modelArchitecture: 'gemma5',
      ports: [8080],
      failedAllocationsBytes: [8_589_934_592],
    });
  });

  it('says what the device at hand takes, and that ARCHS did not tell it', () => {
    const text = 't4,driver=550.54.15';
    const device = resolveTarget(parseTarget(text), text);

    const [error] = explainLog(colabLog, { devices: [device] }).errors;

    expect(error?.here).toEqual([
      'ARCHS = 500,610,700,750,800,860,890 names Tesla T4 (7.5), but in this build that is PTX, not machine code.',
      'Driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4.',
      'For T4 (7.5) with driver 550.54.15 (CUDA 12.4), take a build with sm_75 code made with CUDA toolkit 12.9 or older.',
    ]);
    expect(error?.commands).toContain(
      'cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75',
    );
  });

  it('takes GPU and driver from the log itself where both are in it', () => {
    const log = `${colabLog}\n| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4 |`;

    expect(explainLog(log).errors[0]?.here).toContain(
      'Driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4.',
    );
  });

  it.each([
    {
      log: 'llama_init_from_model: n_ctx_seq (4096) < n_ctx_train (8192) -- the full capacity of the model will not be utilized\nsomething broke: error 17',
      ids: ['context-shorter-than-trained'],
    },
    { log: 'something broke: error 17', ids: [] },
  ])('says of a log without a known reason what looks like an error: $ids', ({ log, ids }) => {
    const { isExplained, errors, suspiciousLines } = explainLog(log);

    expect(isExplained).toBe(false);
    expect(errors.map(({ id }) => id)).toEqual(ids);
    expect(suspiciousLines.map(({ text }) => text)).toEqual(['something broke: error 17']);
  });

  it('finds nothing in a log without errors', () => {
    const { isExplained, errors, suspiciousLines } = explainLog(
      'main: server is listening on http://127.0.0.1:8080\n0 errors, 0 warnings\n',
    );

    expect({ isExplained, errors, suspiciousLines }).toEqual({
      isExplained: false,
      errors: [],
      suspiciousLines: [],
    });
  });

  it('reads colours, prefixes of journals and JSON, typographic quotes and Windows line ends', () => {
    const logs = [
      '\u001b[31mCUDA error: \u001b[1mout of memory\u001b[0m',
      'Sep 04 13:22:14 FORGE ollama[1461072]: CUDA error: out of memory',
      '{"log":"CUDA error: out of memory\\n","stream":"stderr"}',
      'CUDA error: out of memory\r',
      'srv error\r\nCUDA error: out of memory\r\n',
    ];

    for (const log of logs) expect(explainLog(log).errors[0]?.id, log).toBe('gpu-out-of-memory');
    expect(
      explainLog('libc.so.6: version \u2018GLIBC_2.38\u2019 not found').errors[0]?.title,
    ).toContain('GLIBC_2.38');
  });
});

describe('explainLog, on hostile input', () => {
  const known = knownErrors.flatMap(({ examples }) => examples.map(({ log }) => log));
  const anyLine = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom(...known),
  );
  const anyLog = fc.array(anyLine, { maxLength: 30 }).map((lines) => lines.join('\n'));

  it('gives a result without control characters for any text', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const { errors, suspiciousLines, facts } = explainLog(log);

        const texts = [errors, suspiciousLines, facts].map((part) => JSON.stringify(part));
        // oxlint-disable-next-line no-control-regex
        expect(texts.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]|\\u00[01]/);
        const count = log.split('\n').length;
        for (const { number } of [...errors.flatMap(({ lines }) => lines), ...suspiciousLines]) {
          expect(number).toBeGreaterThanOrEqual(1);
          expect(number).toBeLessThanOrEqual(count);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('finds a known message between any other lines', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...knownErrors),
        fc.array(fc.string(), { maxLength: 5 }),
        (error, lines) => {
          const log = [...lines, error.examples[0].log, ...lines].join('\n');

          expect(explainLog(log).errors.map(({ id }) => id)).toContain(error.id);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never puts into a command what a shell would run', () => {
    const log = [
      "gguf_init_from_file: failed to open GGUF file '$(touch owned);`id`.gguf' (No such file or directory)",
      "srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080",
      './a: symbol lookup error: $(id)|sh: undefined symbol: ggml_init',
    ].join('\n');

    const commands = explainLog(log).errors.flatMap((error) => error.commands);

    expect(commands).toContain('ls -l MODEL.gguf');
    expect(commands).toContain('ss -ltnp | grep ":8080 "');
    expect(commands.join('\n')).not.toMatch(/touch|`id`|\$\(id\)/);
  });

  it('keeps the numbers of lines where it leaves out the middle of a log of 50 MB', () => {
    const line = 'llama_model_loader: - kv   0:   general.architecture str = llama\n';
    const count = Math.ceil(50_000_000 / line.length);
    const log = `  Device 0: Tesla T4, compute capability 7.5, VMM: yes\n${line.repeat(count)}CUDA error: out of memory\n`;

    const { errors, facts, skippedCharacters } = explainLog(log);

    expect(facts.gpus).toEqual([{ name: 'Tesla T4', capability: 75 }]);
    expect(errors[0]?.lines).toEqual([{ number: count + 2, text: 'CUDA error: out of memory' }]);
    expect(log.length - skippedCharacters).toBeLessThanOrEqual(HEAD_MAXIMUM + TAIL_MAXIMUM);
  });

  it('finds a message anywhere in a line of megabytes, and quotes the part that matters', () => {
    for (const before of [0, 1_650, 1_699, 1_700, 1_990, 3_000_000]) {
      const log = `${'x'.repeat(before)} CUDA error: out of memory ${'y'.repeat(100_000)}`;

      const [error] = explainLog(log).errors;

      expect(error?.id, String(before)).toBe('gpu-out-of-memory');
      expect(error?.count).toBe(1);
      expect(error?.lines[0]?.text).toContain('CUDA error: out of memory');
      expect(error?.lines[0]?.text.length).toBeLessThan(260);
    }
  });

  it('counts a message that comes a hundred thousand times, and quotes three lines', () => {
    const [error] = explainLog('CUDA error: out of memory\n'.repeat(100_000)).errors;

    expect(error?.count).toBe(100_000);
    expect(error?.lines.map(({ number }) => number)).toEqual([1, 2, 3]);
  });
});
