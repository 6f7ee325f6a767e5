import { describe, expect, it } from 'vitest';
import { createNodeHost } from '../../src/host/create-node-host.ts';
import { NATIVE_PROBE } from '../../src/host/host.ts';
import { findDrivers } from './ask-driver.ts';
import { findCudaTools } from './find-cuda-tools.ts';

const tools = await findCudaTools();
const drivers = findDrivers(tools);

describe.skipIf(drivers.length === 0)("a real driver's libcuda, without a GPU", () => {
  it.each(drivers)('reports its version and its error: $version', async (driver) => {
    const env = { ...process.env, LD_LIBRARY_PATH: driver.folders.join(':') };

    const { stdout } = await createNodeHost().run(NATIVE_PROBE, [], { env });

    const answer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    expect([answer.step, answer.libcuda.isLoaded]).toEqual(['done', true]);
    expect(answer.libcuda.path).toBe(driver.libcuda);
    expect(answer.libcuda.cudaVersion).toBeGreaterThan(10_000);
    // No device, or an unknown error: there is nothing in the kernel to talk to.
    expect([100, 999]).toContain(answer.libcuda.initResult);
  });
});
