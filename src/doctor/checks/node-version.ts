import type { Check } from '../check.ts';
import { compareDotted } from '../compare-dotted.ts';

/** `engines` of package.json. */
const MINIMUM = '20.19.0';

export const nodeVersionCheck: Check = {
  id: 'node-version',
  title: 'Node.js',
  group: 'platform',
  needs: ['evidence'],
  run: ({ evidence }) => {
    const version = evidence?.nodeVersion;
    if (version === undefined) return { status: 'skip', summary: 'There is no node on the PATH.' };
    if (compareDotted(version, MINIMUM) >= 0) return { status: 'ok', summary: `${version}.` };
    return {
      status: 'fail',
      summary: `node on the PATH is ${version}; llcuda needs ${MINIMUM.replace(/\.0$/, '')}.`,
      fix: 'Update Node.js.',
      commands: ['npx --yes n lts'],
    };
  },
};
