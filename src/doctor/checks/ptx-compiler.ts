import type { Check } from '../check.ts';
import { describeCompilerFix } from '../describe-compiler-fix.ts';
import { findLibrary } from '../find-library.ts';

export const ptxCompilerCheck: Check = {
  id: 'ptx-compiler',
  title: "The driver's PTX compiler",
  group: 'cuda',
  needs: ['linux', 'driver'],
  run: ({ facts, devices }) => {
    const library = findLibrary(facts, 'libnvidia-ptxjitcompiler.so.1');
    const driver = findLibrary(facts, 'libcuda.so.1').loaded;
    if (devices.some(({ hasPtxCompiler }) => hasPtxCompiler === false)) {
      return {
        status: 'fail',
        summary:
          'libnvidia-ptxjitcompiler.so.1 is missing: whatever has to be compiled gives error 221.',
        ...describeCompilerFix(facts),
      };
    }
    // Jetson's libcuda is libcuda.so.1.1.
    const own = driver?.version?.startsWith('1.') === true ? undefined : library.loaded?.version;
    if (
      own !== undefined &&
      driver?.version !== undefined &&
      own !== driver.version &&
      driver.kind === 'normal'
    ) {
      return {
        status: 'warn',
        summary: `The compiler is of driver ${own}, libcuda of ${driver.version}.`,
        fix: 'Remove the libraries of the other driver.',
        commands: ['ldconfig -p | grep -E "libcuda.so|ptxjitcompiler"'],
      };
    }
    if (library.copies.length === 0)
      return { status: 'skip', summary: 'Nothing tells where it is.' };
    return {
      status: 'ok',
      summary: `${library.loaded?.realPath ?? library.copies[0]?.realPath ?? ''}.`,
    };
  },
};
