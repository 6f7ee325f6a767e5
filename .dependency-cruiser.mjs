/** Folders of src/, lowest layer first. A folder may import its own layer and those below it. */
const layers = [
  ['errors', 'units', 'events'],
  ['bytes', 'binary', 'fatbin', 'compat'],
  ['host', 'files', 'archive', 'net', 'native'],
  ['probe', 'doctor', 'runtime', 'build', 'model', 'server', 'engine', 'inspect', 'extract'],
  ['cli'],
];

const folder = (names) => `^src/(${names.join('|')})/`;

const upward = layers.slice(0, -1).map((names, level) => ({
  name: `layer-${level}-imports-only-down`,
  comment: 'Imports go down: see ARCHITECTURE.md, "Layers".',
  severity: 'error',
  from: { path: folder(names) },
  to: { path: folder(layers.slice(level + 1).flat()) },
}));

export default {
  forbidden: [
    ...upward,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-folder-has-a-layer',
      severity: 'error',
      from: { path: '^src/', pathNot: [folder(layers.flat()), '^src/(index|cuda)\\.ts$'] },
      to: {},
    },
    {
      name: 'pure-layers-import-no-platform',
      severity: 'error',
      from: { path: folder([...layers[0], ...layers[1]]), pathNot: '^src/bytes/zstd\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'only-the-index-is-public',
      severity: 'error',
      from: { path: '^src/(?!cli/)' },
      to: { path: '^src/(index|cuda)\\.ts$' },
    },
    {
      name: 'the-browser-part-is-pure',
      comment:
        '`llcuda/cuda` also runs in a browser: whatever it leads to is of the two lowest layers.',
      severity: 'error',
      from: { path: '^src/cuda\\.ts$' },
      to: { pathNot: folder([...layers[0], ...layers[1]]), reachable: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
