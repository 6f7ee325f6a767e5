import { createLimitedHost } from '../host/create-limited-host.ts';
import type { Host } from '../host/host.ts';
import type { AskOptions } from './ask-program.ts';
import type { GpuFacts } from './facts/gpu-facts.ts';
import type { LibraryFacts } from './facts/library-facts.ts';
import type { PythonFacts, ToolFacts } from './facts/tool-facts.ts';
import type { HostToolkit } from './facts/toolkit-facts.ts';
import type { HostFacts } from './host-facts.ts';
import { findCLibrary, findGlibcxx } from './libraries/find-c-library.ts';
import { findLibraries, sonames } from './libraries/find-libraries.ts';
import { readLoaderPath, type LoaderPath } from './libraries/loader-path.ts';
import { probeDevices } from './probe-devices.ts';
import { findProgram } from './software/find-program.ts';
import { findRuntimes } from './software/find-runtimes.ts';
import { findToolkits } from './software/find-toolkits.ts';
import { findTools } from './software/find-tools.ts';
import { readPython } from './software/read-python.ts';
import { readDisk } from './system/read-disk.ts';
import { readMemory } from './system/read-memory.ts';
import { readProcessor } from './system/read-processor.ts';

export interface ProbeOptions {
  readonly signal?: AbortSignal | undefined;
  /** For each program that is asked. @defaultValue 20 s for the driver's libraries, 15 s for nvidia-smi, 5 s for others */
  readonly timeoutMs?: number | undefined;
}

/**
 * Looks at a machine, in layers: what the driver's own libraries say, else nvidia-smi, else the kernel and PCI. Every step
 * has a time limit, and what fails is a value in the facts. Never throws, other than when the signal fires.
 */
export async function probeHost(
  host: Host,
  { signal, timeoutMs }: ProbeOptions = {},
): Promise<HostFacts> {
  signal?.throwIfAborted();
  const limited = createLimitedHost(host, signal);
  const options = { signal, timeoutMs };
  const loader = readLoaderPath(limited, options);
  const [devices, cLibrary, processor, memory, disk, tools, software, runtimes] = await Promise.all(
    [
      probeDevices(limited, { ...options, loader }),
      findCLibrary(limited, options),
      readProcessor(limited),
      readMemory(limited),
      readDisk(limited),
      findTools(limited, options),
      readSoftware(limited, loader, options),
      loader.then(async (path) => findRuntimes(limited, path, options)),
    ],
  );
  const { libraries, toolkits, python } = software;
  const { platform, environment, driver, gpus, visibleDevices } = devices;
  return {
    platform: { ...platform, isDgxSpark: isDgxSpark(gpus) },
    processor,
    memory,
    disk,
    environment,
    driver,
    gpus,
    visibleDevices,
    toolkits,
    libraries,
    cLibrary: { ...cLibrary, glibcxx: findGlibcxx(libraries) },
    tools: [...tools, ...software.tools],
    python,
    runtimes,
  };
}

interface Software {
  readonly python: PythonFacts | undefined;
  readonly toolkits: readonly HostToolkit[];
  readonly libraries: readonly LibraryFacts[];
  readonly tools: readonly ToolFacts[];
}

/** One leads to the next: Python to its wheels, those to toolkits, those to libraries. */
async function readSoftware(
  host: Host,
  loader: Promise<LoaderPath>,
  options: AskOptions,
): Promise<Software> {
  const [python, nvcc] = await Promise.all([readPython(host, options), findProgram(host, 'nvcc')]);
  const pythonFolders = python?.nvidiaFolders ?? [];
  const toolkits = await findToolkits(host, { ...options, pythonFolders });
  const toolkitRoots = toolkits
    .filter(({ kind }) => kind !== 'python-wheel')
    .map(({ root }) => root);
  const places = { loader: await loader, toolkitRoots, pythonFolders };
  return {
    python,
    toolkits: toolkits.toSorted((left, right) => Number(right.isOnPath) - Number(left.isOnPath)),
    libraries: await findLibraries(host, sonames, places),
    tools: [
      { name: 'nvcc', path: nvcc, version: toolkits.find(({ isOnPath }) => isOnPath)?.fullVersion },
      { name: 'python3', path: python?.path, version: python?.version },
    ],
  };
}

function isDgxSpark(gpus: readonly GpuFacts[]): boolean {
  return gpus.some(({ name }) => /\bGB10\b/.test(name ?? ''));
}
