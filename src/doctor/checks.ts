import type { Check } from './check.ts';
import { buildMemoryCheck } from './checks/build-memory.ts';
import { buildProgramCheck } from './checks/build-program.ts';
import { cLibraryCheck } from './checks/c-library.ts';
import { ccacheCheck } from './checks/ccache.ts';
import { cmakeCheck } from './checks/cmake.ts';
import { compilerCheck } from './checks/compiler.ts';
import { computeModeCheck } from './checks/compute-mode.ts';
import { containerGpuCheck } from './checks/container-gpu.ts';
import { cppLibraryCheck } from './checks/cpp-library.ts';
import { cpuCoresCheck } from './checks/cpu-cores.ts';
import { cpuFeaturesCheck } from './checks/cpu-features.ts';
import { cudaCompatCheck } from './checks/cuda-compat.ts';
import { cudaInitCheck } from './checks/cuda-init.ts';
import { deviceNodesCheck } from './checks/device-nodes.ts';
import { dgxSparkCheck } from './checks/dgx-spark.ts';
import { driverCudaCheck } from './checks/driver-cuda.ts';
import { driverLoadedCheck } from './checks/driver-loaded.ts';
import { driverMismatchCheck } from './checks/driver-mismatch.ts';
import { eccCheck } from './checks/ecc.ts';
import { gitCheck } from './checks/git.ts';
import { gpuAgeCheck } from './checks/gpu-age.ts';
import { gpuMemoryCheck } from './checks/gpu-memory.ts';
import { gpuMixCheck } from './checks/gpu-mix.ts';
import { gpuPresentCheck } from './checks/gpu-present.ts';
import { hubAccessCheck } from './checks/hub-access.ts';
import { hubTokenCheck } from './checks/hub-token.ts';
import { jetsonCheck } from './checks/jetson.ts';
import { jitCacheCheck } from './checks/jit-cache.ts';
import { jitSwitchesCheck } from './checks/jit-switches.ts';
import { libcublasCheck } from './checks/libcublas.ts';
import { libcudaCheck } from './checks/libcuda.ts';
import { libcudaStubCheck } from './checks/libcuda-stub.ts';
import { libcudartCheck } from './checks/libcudart.ts';
import { libncclCheck } from './checks/libnccl.ts';
import { libraryPathCheck } from './checks/library-path.ts';
import { memoryCheck } from './checks/memory.ts';
import { migCheck } from './checks/mig.ts';
import { moduleLoadingCheck } from './checks/module-loading.ts';
import { nodeVersionCheck } from './checks/node-version.ts';
import { nouveauCheck } from './checks/nouveau.ts';
import { nvccCheck } from './checks/nvcc.ts';
import { nvccHostCompilerCheck } from './checks/nvcc-host-compiler.ts';
import { nvidiaSmiCheck } from './checks/nvidia-smi.ts';
import { nvmlCheck } from './checks/nvml.ts';
import { operatingSystemCheck } from './checks/operating-system.ts';
import { persistenceCheck } from './checks/persistence.ts';
import { powerLimitCheck } from './checks/power-limit.ts';
import { proxyCheck } from './checks/proxy.ts';
import { ptxCompilerCheck } from './checks/ptx-compiler.ts';
import { runtimeGlibcCheck } from './checks/runtime-glibc.ts';
import { runtimeGpuCodeCheck } from './checks/runtime-gpu-code.ts';
import { runtimeLibrariesCheck } from './checks/runtime-libraries.ts';
import { runtimePresentCheck } from './checks/runtime-present.ts';
import { runtimeProcessorCheck } from './checks/runtime-processor.ts';
import { runtimeStartsCheck } from './checks/runtime-starts.ts';
import { runtimeVariablesCheck } from './checks/runtime-variables.ts';
import { runtimeVersionCheck } from './checks/runtime-version.ts';
import { slowSwitchesCheck } from './checks/slow-switches.ts';
import { storeModelsCheck } from './checks/store-models.ts';
import { storeRuntimesCheck } from './checks/store-runtimes.ts';
import { storeSpaceCheck } from './checks/store-space.ts';
import { storeWritableCheck } from './checks/store-writable.ts';
import { toolkitChoiceCheck } from './checks/toolkit-choice.ts';
import { toolkitDriverCheck } from './checks/toolkit-driver.ts';
import { toolkitGpuCheck } from './checks/toolkit-gpu.ts';
import { torchCheck } from './checks/torch.ts';
import { visibleDevicesCheck } from './checks/visible-devices.ts';
import { wslCheck } from './checks/wsl.ts';

/** Every check, group by group, in the order of the report: what is to be mended first comes first. */
export const checks: readonly Check[] = [
  gpuPresentCheck,
  driverLoadedCheck,
  nouveauCheck,
  driverMismatchCheck,
  nvidiaSmiCheck,
  nvmlCheck,
  driverCudaCheck,
  gpuAgeCheck,
  visibleDevicesCheck,
  gpuMixCheck,
  deviceNodesCheck,
  cudaInitCheck,
  gpuMemoryCheck,
  computeModeCheck,
  migCheck,
  eccCheck,
  persistenceCheck,
  powerLimitCheck,
  libcudaCheck,
  libcudaStubCheck,
  cudaCompatCheck,
  ptxCompilerCheck,
  libcudartCheck,
  libcublasCheck,
  libncclCheck,
  libraryPathCheck,
  toolkitChoiceCheck,
  toolkitDriverCheck,
  toolkitGpuCheck,
  torchCheck,
  jitCacheCheck,
  jitSwitchesCheck,
  moduleLoadingCheck,
  slowSwitchesCheck,
  runtimePresentCheck,
  runtimeVariablesCheck,
  runtimeStartsCheck,
  runtimeVersionCheck,
  runtimeGpuCodeCheck,
  runtimeLibrariesCheck,
  runtimeGlibcCheck,
  runtimeProcessorCheck,
  nvccCheck,
  nvccHostCompilerCheck,
  cmakeCheck,
  buildProgramCheck,
  compilerCheck,
  gitCheck,
  ccacheCheck,
  buildMemoryCheck,
  storeWritableCheck,
  storeSpaceCheck,
  storeModelsCheck,
  storeRuntimesCheck,
  hubTokenCheck,
  hubAccessCheck,
  proxyCheck,
  operatingSystemCheck,
  cLibraryCheck,
  cppLibraryCheck,
  cpuFeaturesCheck,
  cpuCoresCheck,
  memoryCheck,
  nodeVersionCheck,
  containerGpuCheck,
  wslCheck,
  jetsonCheck,
  dgxSparkCheck,
];
