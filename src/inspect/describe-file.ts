import type { LinkedLibraries } from '../binary/linked-libraries.ts';
import { checkCompatibility } from '../compat/check-compatibility.ts';
import { createCompatCode } from '../compat/create-compat-code.ts';
import type { HostDevice } from '../compat/host-device.ts';
import { matchToolkit } from '../compat/match-toolkit.ts';
import type { GpuCode } from '../fatbin/gpu-code.ts';
import { groupImages } from './group-images.ts';
import type { FileReport, LibraryReport } from './inspect-report.ts';

/** The report on a file whose GPU code was read; with a host, also whether it runs there. */
export function describeFile(path: string, code: GpuCode, host?: HostDevice): FileReport {
  const { format, sizeBytes } = code;
  const fatbins = code.fatbins.filter(({ isStub }) => !isStub);
  const toolkit = matchToolkit(code.toolkit)?.name;
  return {
    path,
    format,
    sizeBytes,
    fatbins: fatbins.length,
    images: groupImages(fatbins.flatMap(({ images }) => images)),
    ...(toolkit !== undefined && { toolkit }),
    libraries: describeLibraries(code.libraries),
    ...(host !== undefined && { verdict: checkCompatibility(createCompatCode(code), host) }),
  };
}

function describeLibraries(libraries: LinkedLibraries): LibraryReport {
  const { needed, delayLoaded, soname, rpath, runpath, glibc, glibcxx, cudaImports } = libraries;
  return {
    needed,
    ...(delayLoaded.length > 0 && { delayLoaded }),
    ...(soname !== undefined && { soname }),
    ...(rpath.length > 0 && { rpath }),
    runpath,
    ...(glibc !== undefined && { glibc }),
    ...(glibcxx !== undefined && { glibcxx }),
    ...(cudaImports.length > 0 && { cudaImports }),
  };
}
