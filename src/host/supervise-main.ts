// Runs a program and ends it, with everything that it started, when this process is to end or when its
// own parent is gone: the IPC channel closes then, however the parent died.
import { spawn, spawnSync } from 'node:child_process';

/** What shells give for a program that is not there. */
const NOT_FOUND_EXIT_CODE = 127;

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

const end = (): void => {
  if (child.pid !== undefined) endTree(child.pid);
  process.exit(1);
};

process.on('disconnect', end);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
child.on('error', () => process.exit(NOT_FOUND_EXIT_CODE));
child.on('close', (exitCode) => process.exit(exitCode ?? 1));

function endTree(pid: number): void {
  if (isWindows) spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
  else {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}
