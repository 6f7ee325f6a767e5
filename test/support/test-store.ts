import { homedir } from 'node:os';
import { join } from 'node:path';

/** Store shared by all tests that need the real runtime and model; CI keeps it between runs. */
export const testStore: string =
  process.env['LLCUDA_TEST_HOME'] ?? join(homedir(), '.cache', 'llcuda-ci', 'store');

/** The model that every test with a real model uses. */
export const testModel = 'smollm2-135m';
