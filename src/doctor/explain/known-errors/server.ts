import type { KnownError } from '../known-error.ts';
import { llamaCppFile } from '../sources.ts';

const http = llamaCppFile('tools/server/server-http.cpp');

/** llama-server: its port, its arguments, its answers. */
export const serverErrors: readonly KnownError[] = [
  {
    id: 'server-port-in-use',
    title: 'The port of the server is taken',
    role: 'cause',
    patterns: [
      /couldn't bind (?:HTTP )?server socket, hostname: \S{1,120} port: ?(?<port>\d{1,5})/,
      /couldn't bind (?:HTTP )?server socket/,
      /\bEADDRINUSE\b/,
      /Address already in use/,
    ],
    cause:
      'Port {port|of the server} is used by another program, often an earlier server that still runs; or the host name is not one of this machine.',
    fix: 'See who has it, and end that program or take another port.',
    commands: ['ss -ltnp | grep ":{port|8080} "', 'llama-server -m {model|MODEL.gguf} --port 8081'],
    examples: [
      {
        log: "srv         start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080",
        source: http,
      },
    ],
  },
  {
    id: 'server-http-error',
    title: 'The server ended before it was ready',
    role: 'consequence',
    patterns: [/exiting due to HTTP server error/],
    cause: 'The server could not listen: the line before says where.',
    fix: 'Take another port or host.',
    commands: ['llama-server -m {model|MODEL.gguf} --port 8081'],
    examples: [
      {
        log: 'srv  llama_server: exiting due to HTTP server error',
        source: llamaCppFile('tools/server/server.cpp'),
      },
    ],
  },
  {
    id: 'server-unauthorized',
    title: 'The server wants another API key',
    role: 'cause',
    patterns: [/Invalid API Key/i],
    cause:
      'The server was started with --api-key (or LLAMA_API_KEY), and the request had no key or another one.',
    fix: 'Send it as Authorization: Bearer KEY.',
    commands: [
      'curl -H "Authorization: Bearer $LLAMA_API_KEY" http://127.0.0.1:{port|8080}/v1/models',
    ],
    examples: [
      { log: 'srv    operator(): unauthorized: Invalid API Key', source: http },
      {
        log: '{"error":{"message":"Invalid API Key","type":"authentication_error","code":401}}',
        source: http,
      },
    ],
  },
  {
    id: 'server-loading',
    title: 'The server is still loading the model',
    role: 'note',
    patterns: [/"message":\s?"Loading model"/, /"code":\s?503,\s?"message":\s?"Loading model"/],
    cause:
      'The server answers 503 until the model is loaded. That is no fault: it listens before it loads.',
    fix: 'Wait until /health gives 200.',
    commands: ['curl -s http://127.0.0.1:{port|8080}/health'],
    examples: [
      {
        log: '{"error":{"message":"Loading model","type":"unavailable_error","code":503}}',
        source: http,
      },
    ],
  },
  {
    id: 'argument-unknown',
    title: 'The program does not know the argument {argument}',
    role: 'cause',
    patterns: [
      /error: invalid argument: (?<argument>-{0,2}[\w-]{1,60})/,
      /error: unknown argument: (?<argument>-{0,2}[\w-]{1,60})/,
    ],
    cause:
      '{argument} came to llama.cpp later than this version, was renamed or removed, or is misspelt.',
    fix: 'Look it up in the help of this version.',
    commands: ['llama-server --version', 'llama-server --help | grep -i -- "{argument|--name}"'],
    examples: [{ log: 'error: invalid argument: --nope', source: llamaCppFile('common/arg.cpp') }],
  },
  {
    id: 'argument-invalid',
    title: 'An argument has a value that the program does not take: {argument}',
    role: 'failure',
    patterns: [
      /error while handling argument "(?<argument>-{0,2}[\w-]{1,60})": (?!invalid device)(?<reason>.{1,120})/,
    ],
    cause: '{argument} was given without a value or with a wrong one: {reason}.',
    fix: 'The usage below that line in the log says what it takes.',
    commands: ['llama-server --help | grep -A3 -- "{argument|--name}"'],
    examples: [
      {
        log: 'error while handling argument "-c": expected value for argument',
        source: llamaCppFile('common/arg.cpp'),
      },
    ],
  },
  {
    id: 'server-feature-off',
    title: 'The server was started without this feature',
    role: 'cause',
    patterns: [
      /This server does not support (?<feature>[\w ]{1,40})\. Start it with `(?<flag>--[\w-]{1,30})`/,
    ],
    cause: 'The request needs {feature}, which has to be switched on at the start.',
    fix: 'Start the server with {flag}.',
    commands: ['llama-server -m {model|MODEL.gguf} {flag|--help}'],
    examples: [
      {
        log: 'This server does not support embeddings. Start it with `--embeddings`',
        source: llamaCppFile('tools/server/server-context.cpp'),
      },
    ],
  },
  {
    id: 'server-refused',
    title: 'No server listens where the client looks',
    role: 'cause',
    patterns: [
      /connect ECONNREFUSED (?<address>[\d.:[\]a-f]{3,50})/,
      /Failed to connect to \S{1,120} port \d{1,5}/,
      /Connection refused/i,
    ],
    cause:
      'Nothing answers at {address|that address}: the server has not started, has ended, or listens on another host or port. Inside a container 127.0.0.1 is the container itself.',
    fix: 'Look at the log of the server, and where it listens.',
    commands: ['ss -ltnp | grep llama', 'curl -s http://127.0.0.1:{port|8080}/health'],
    examples: [
      {
        log: 'Error: connect ECONNREFUSED 127.0.0.1:8080',
        source: 'https://nodejs.org/api/errors.html#common-system-errors',
      },
      {
        log: 'curl: (7) Failed to connect to 127.0.0.1 port 8080 after 0 ms: Connection refused',
        source: 'https://github.com/curl/curl/blob/master/lib/strerror.c',
      },
    ],
  },
];
