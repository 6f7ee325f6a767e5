// Compiles src/ into a fresh dist/: built beside it, then switched, so that a failed build leaves the last one. The
// command line, dist/cli/main.js, is then bundled: Node takes 0.5 ms to load a module, and `llcuda inspect` has 190.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
if (!existsSync('node_modules/typescript')) {
  console.error('llcuda: TypeScript is not installed here; run `npm ci` to build from a checkout.');
  process.exit(1);
}

const staging = `dist.${process.pid}`;
try {
  execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', staging],
    { stdio: 'inherit' },
  );
  await bundleCommandLine(`${staging}/cli`);
  // Whoever asks for it waits for it.
  await bundle(`${staging}/native`, 'native-probe-main');
  chmodSync(`${staging}/cli/main.js`, 0o755);
  rmSync('dist', { recursive: true, force: true });
  renameSync(staging, 'dist');
} catch (error) {
  rmSync(staging, { recursive: true, force: true });
  if (error.status === undefined) throw error;
  process.exit(error.status);
}

async function bundleCommandLine(directory) {
  await bundle(directory, 'main', {
    chunkFileNames: 'bundle/[name].js',
    // What the commands share, and what reading GPU code is made of, in one file each.
    codeSplitting: {
      groups: [
        // Not what only some commands need of it: it leads to the schemas, and to reading GPU code.
        {
          name: 'core',
          test: /\/(?:errors|units|events)\/|\/host\/(?!snapshot\/|(?:read-binary-file|create-binary-evidence)\.js)/,
        },
        { name: 'gpu-code', test: /\/(?:bytes|binary|fatbin|compat)\/|\/inspect\/(?!with-)/ },
      ],
    },
  });
}

/** In place. Packages stay imports of their own; so do the entries of child processes, which are found by `#name`. */
async function bundle(directory, name, output = {}) {
  const bundler = await rolldown({
    input: { [name]: `${directory}/${name}.js` },
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    onLog(_level, log) {
      // What the library imports only when it needs it, the command line may need anyway.
      if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') throw new Error(log.message);
    },
  });
  await bundler.write({ dir: directory, format: 'esm', ...output });
  await bundler.close();
}
