import { compareDriverVersions, parseDriverVersion } from '../units/driver-version.ts';
import { isCapabilityKnown } from './find-capability-support.ts';
import { describeDriver, describeGpu } from './describe-host.ts';
import type { Failure } from './finding.ts';
import type { HostDevice } from './host-device.ts';
import { isTegraGpu } from './is-tegra.ts';
import { isForwardCompatSupported, resolveEffectiveDriver } from './resolve-effective-driver.ts';
import { runtimeFloors } from './runtime-floors.ts';

/**
 * What fails on a host before any image is looked at, in the order in which a program meets it: the loader, then the
 * version check of the CUDA runtime, then the start of the driver. `undefined`: nothing.
 */
export function checkHost(host: HostDevice, runtimeMajor: number | undefined): Failure | undefined {
  return (
    checkLibraries(host) ??
    checkStub(host) ??
    checkRuntime(host, runtimeMajor) ??
    checkForwardCompat(host) ??
    checkGpu(host)
  );
}

function checkLibraries({ missingLibraries = [] }: HostDevice): Failure | undefined {
  if (missingLibraries.length === 0) return undefined;
  const reason = `The file cannot be loaded: ${missingLibraries.join(', ')} not found on this host.`;
  return { outcome: 'fail', cause: 'libraries-missing', cudaError: undefined, reason };
}

function checkStub(host: HostDevice): Failure | undefined {
  if (host.isStubDriver !== true) return undefined;
  const reason = `The libcuda that is found first is the stub of a CUDA toolkit, not ${describeDriver(host)}.`;
  return { outcome: 'fail', cause: 'driver-is-stub', cudaError: 34, reason };
}

function checkRuntime(host: HostDevice, runtimeMajor: number | undefined): Failure | undefined {
  if (runtimeMajor === undefined || isRuntimeSupported(host, runtimeMajor)) return undefined;
  const reason = `The file uses the CUDA ${runtimeMajor} runtime, which is too new for ${describeDriver(host)}.`;
  return { outcome: 'fail', cause: 'driver-below-runtime', cudaError: 35, reason };
}

function isRuntimeSupported(host: HostDevice, runtimeMajor: number): boolean {
  const { cudaVersion, isForwardCompat } = resolveEffectiveDriver(host);
  if (cudaVersion.major < runtimeMajor) return false;
  const floor = runtimeFloors.find(({ major }) => major === runtimeMajor);
  const driver = parseDriverVersion(host.driver.version ?? '');
  // A bare branch stands for any driver of it; Tegra and cuda-compat have numbers of their own.
  if (floor === undefined || driver === undefined || driver.length === 1) return true;
  if (isTegraGpu(host.gpu) || isForwardCompat) return true;
  return compareDriverVersions(driver, parseDriverVersion(floor[host.os]) ?? []) >= 0;
}

function checkForwardCompat(host: HostDevice): Failure | undefined {
  const { isForwardCompat } = resolveEffectiveDriver(host);
  if (!isForwardCompat || isForwardCompatSupported(host.gpu)) return undefined;
  const reason = `The libcuda that is found first is of a cuda-compat package, which does not support ${describeGpu(host.gpu)}.`;
  return { outcome: 'fail', cause: 'forward-compat-unsupported', cudaError: 804, reason };
}

function checkGpu(host: HostDevice): Failure | undefined {
  const { gpu, driver } = host;
  if (gpu.isKnownToDriver !== true && !isCapabilityKnown(gpu.capability, driver.cudaVersion)) {
    const reason = `${capitalize(describeDriver(host))} does not know ${describeGpu(gpu)}.`;
    return { outcome: 'fail', cause: 'gpu-unknown-to-driver', cudaError: 100, reason };
  }
  const { cudaVersion, isForwardCompat } = resolveEffectiveDriver(host);
  if (!isForwardCompat || isCapabilityKnown(gpu.capability, cudaVersion)) return undefined;
  const reason = `The cuda-compat package in use does not know ${describeGpu(gpu)} any more.`;
  return { outcome: 'fail', cause: 'forward-compat-unsupported', cudaError: 804, reason };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
