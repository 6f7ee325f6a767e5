// Runs a program and ends it, with everything that it started, when this process is to end or when its
// own parent is gone: the IPC channel closes then, however the parent died.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What shells give for a program that is not there. */
const NOT_FOUND_EXIT_CODE = 127;
/** Less than what the parent waits before it kills this process. */
const GRACE_MS = 3_000;

const [command = '', ...args] = process.argv.slice(2);
const isWindows = process.platform === 'win32';

const child = spawn(command, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  // A process group of its own: a signal to the group reaches every process of the program.
  detached: !isWindows,
  windowsHide: true,
  // npm and its like are .cmd files there, which only a shell can run.
  shell: isWindows,
});

let isEnding = false;

/** Asks first: ninja then ends its compilers, which are in process groups of their own, and removes half-written files. */
const end = async (): Promise<void> => {
  if (isEnding || child.pid === undefined) return;
  isEnding = true;
  const before = listTree(child.pid);
  endGroup(child.pid, 'SIGTERM');
  const closed = new Promise((resolve) => child.once('close', resolve));
  await Promise.race([closed, sleep(GRACE_MS)]);
  for (const [pid, startTime] of [...before, ...listTree(child.pid)]) {
    // An id may have gone to another process meanwhile.
    if (readProcess(pid)?.startTime === startTime) kill(pid, 'SIGKILL');
  }
  endGroup(child.pid, 'SIGKILL');
  process.exit(1);
};

process.on('disconnect', () => void end());
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
child.on('error', () => process.exit(NOT_FOUND_EXIT_CODE));
child.on('close', (exitCode) => {
  if (!isEnding) process.exit(exitCode ?? 1);
});

function endGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (isWindows) spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
  else kill(-pid, signal);
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/** A process and all below it, with the time that each was started. Empty where there is no /proc. */
function listTree(root: number): ReadonlyMap<number, string> {
  const processes = listProcesses();
  const tree = new Map<number, string>();
  const visit = (pid: number): void => {
    const found = processes.get(pid);
    if (found === undefined || tree.has(pid)) return;
    tree.set(pid, found.startTime);
    for (const [id, { parent }] of processes) if (parent === pid) visit(id);
  };
  visit(root);
  return tree;
}

interface ProcessFacts {
  readonly parent: number;
  readonly startTime: string;
}

function listProcesses(): ReadonlyMap<number, ProcessFacts> {
  if (process.platform !== 'linux') return new Map();
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    ids.flatMap((id) => {
      const facts = readProcess(Number(id));
      return facts === undefined ? [] : [[Number(id), facts] as const];
    }),
  );
}

/** proc(5): the name in brackets may hold anything; the parent is the 2nd field behind it, the start time the 20th. */
function readProcess(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), startTime: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
