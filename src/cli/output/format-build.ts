import type { BuiltRuntime } from '../../build/build-runtime.ts';
import { formatSlowest } from '../../build/compile/run-build.ts';
import type { PreparedBuild } from '../../build/prepare-build.ts';
import { formatMatrix } from '../../compat/format-matrix.ts';
import { formatBytes } from '../../units/format-bytes.ts';
import { formatDuration } from '../../units/format-duration.ts';
import { stripControlCharacters } from '../../units/strip-control-characters.ts';

/** The plan of a build: what, with what, the line of cmake to paste, and what to expect of the result. */
export function formatBuildPlan(build: PreparedBuild): string {
  const { plan, toolchain, source, programs, matrix } = build;
  const { toolkit, toolkits, compiler, cmake, generator, compilerCache } = toolchain;
  const others = toolkits.filter((item) => item !== toolkit).map(({ release }) => release);
  const rows = [
    [
      'source',
      [source.version, source.name, source.commit?.slice(0, 9)].filter(Boolean).join(', '),
    ],
    ['programs', programs.join(', ')],
    ['processor', plan.cpu],
    ...(toolkit === undefined
      ? []
      : [['CUDA', `${toolkit.release} in ${toolkit.root}${formatOthers(others)}`]]),
    ['compiler', `${compiler.cxx} ${compiler.version}`],
    ['cmake', `${cmake.version}, ${generator.name} ${generator.version}`],
    ...(compilerCache === undefined
      ? []
      : [['cache', `${compilerCache.path} ${compilerCache.version}`]]),
    ...(plan.glibc === undefined ? [] : [['glibc', `up to ${plan.glibc}`]]),
  ];
  const parts = [
    rows.map(([name = '', value = '']) => `${name.padEnd(10)} ${value}`).join('\n'),
    ...(plan.cuda === undefined ? [] : [formatGpus(plan.cuda.gpus, plan.cuda.images)]),
    ...plan.notes.map((note) => `Note: ${note}`),
    formatCmakeLine(build),
    ...(matrix === undefined ? [] : [formatMatrix(matrix)]),
  ];
  const lines = parts.join('\n\n').split('\n');
  return `${lines.map((line) => stripControlCharacters(line)).join('\n')}\n`;
}

/** What was built, how long it took, and where it is. */
export function formatBuiltRuntime({ directory, manifest, run }: BuiltRuntime): string {
  const { gate, files, llamaCpp, cuda } = manifest;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const slowest = run.slowest === undefined ? '' : `; slowest: ${formatSlowest(run.slowest)}`;
  const targets = cuda === undefined ? '' : ` with ${cuda.architectures.join(', ')}`;
  const fatbins = gate.fatbins === 0 ? '' : `, ${gate.fatbins} fatbins`;
  return [
    `Built llama.cpp ${llamaCpp.version ?? ''}${targets} in ${formatDuration(run.durationMs)}${slowest}.`,
    `Checked: ${gate.files} files${fatbins}; all is as planned.`,
    `${stripControlCharacters(directory)}  ${formatBytes(sizeBytes)}`,
    '',
  ].join('\n');
}

function formatOthers(releases: readonly string[]): string {
  return releases.length === 0 ? '' : ` (also here: ${releases.join(', ')}; --toolkit chooses)`;
}

function formatGpus(
  gpus: readonly {
    readonly name: string;
    readonly capability: string;
    readonly target: string;
    readonly minimumDriver: string;
  }[],
  images: readonly {
    readonly kind: string;
    readonly target: string;
    readonly ptxIsa?: string;
    readonly compression: string;
  }[],
): string {
  const lines = gpus.map(
    ({ name, capability, target, minimumDriver }) =>
      `  ${name} (${capability}): ${target}, from driver ${minimumDriver}`,
  );
  const ptx = images.find(({ kind }) => kind === 'ptx');
  const newer = ptx === undefined ? [] : [`  newer GPUs: PTX ${ptx.ptxIsa} for ${ptx.target}`];
  return ['Machine code for', ...lines, ...newer].join('\n');
}

/** To be pasted: arguments with blanks, `;` or `$` in quotes. */
function formatCmakeLine({ toolchain, source, cmakeArguments }: PreparedBuild): string {
  const words = [
    '-G',
    toolchain.generator.name,
    '-S',
    source.directory,
    '-B',
    'BUILD',
    ...cmakeArguments,
  ];
  return ['cmake', ...words.map((word) => (/[\s;$*()]/.test(word) ? `'${word}'` : word))].join(' ');
}
