import type { Check } from '../check.ts';
import { joinWords } from '../describe-gpus.ts';
import { createInstallCommand } from '../install-command.ts';

/** They have checks of their own. */
const CUDA_LIBRARY = /^lib(?:cudart|cublas|cublasLt|nccl|cuda)\.so/;

/** Packages of Debian and Fedora that have them. */
const packages: Readonly<Record<string, { readonly apt: string; readonly dnf: string }>> = {
  libgomp: { apt: 'libgomp1', dnf: 'libgomp' },
  libcurl: { apt: 'libcurl4', dnf: 'libcurl' },
  libssl: { apt: 'libssl3', dnf: 'openssl-libs' },
  libcrypto: { apt: 'libssl3', dnf: 'openssl-libs' },
  'libstdc++': { apt: 'libstdc++6', dnf: 'libstdc++' },
};

export const runtimeLibrariesCheck: Check = {
  id: 'runtime-libraries',
  title: 'Libraries of llama-server',
  group: 'runtimes',
  needs: ['linux', 'server'],
  run: ({ runtimes, facts }) => {
    const lacking = runtimes.map(({ runtime, missingLibraries }) => ({
      path: runtime.path,
      names: missingLibraries.filter((soname) => !CUDA_LIBRARY.test(soname)),
    }));
    const first = lacking.find(({ names }) => names.length > 0);
    if (first === undefined) return { status: 'ok', summary: "None is missing, CUDA's apart." };
    const [name = ''] = first.names;
    const known = packages[name.split('.so')[0] ?? ''];
    return {
      status: 'fail',
      summary: `${first.path} needs ${joinWords(first.names)}, which the loader does not find.`,
      fix:
        known === undefined
          ? `Install what has ${name}, or keep it beside llama-server.`
          : `Install ${name}.`,
      commands: [
        known === undefined
          ? `find / -name '${name.replaceAll(/[^\w.+-]/g, '')}*' 2>/dev/null`
          : createInstallCommand(facts.platform, known),
      ],
    };
  },
};
