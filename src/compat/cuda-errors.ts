/** One error of CUDA. Numbers and names are those of `cuda.h` and `driver_types.h` of CUDA 13.0. */
export interface CudaError {
  readonly number: number;
  /** The CUresult name. `undefined` where only the runtime has the error. */
  readonly driverName: string | undefined;
  readonly runtimeName: string;
  /** What `cudaGetErrorString` says. */
  readonly text: string;
  /** What brings it about, as far as GPU code and drivers go. */
  readonly cause: string;
}

/** The errors that a mismatch of GPU code, driver and GPU gives, by number. */
export const cudaErrors: readonly CudaError[] = [
  {
    number: 34,
    driverName: 'CUDA_ERROR_STUB_LIBRARY',
    runtimeName: 'cudaErrorStubLibrary',
    text: 'CUDA driver is a stub library',
    cause: 'libcuda.so.1 is the stub of a toolkit, not the driver',
  },
  {
    number: 35,
    driverName: undefined,
    runtimeName: 'cudaErrorInsufficientDriver',
    text: 'CUDA driver version is insufficient for CUDA runtime version',
    cause: 'the driver is older than the major version of the CUDA runtime',
  },
  {
    number: 36,
    driverName: undefined,
    runtimeName: 'cudaErrorCallRequiresNewerDriver',
    text: 'API call is not supported in the installed CUDA driver',
    cause: 'the program calls something newer than the driver',
  },
  {
    number: 98,
    driverName: undefined,
    runtimeName: 'cudaErrorInvalidDeviceFunction',
    text: 'invalid device function',
    cause: 'the image that was picked does not hold the kernel',
  },
  {
    number: 100,
    driverName: 'CUDA_ERROR_NO_DEVICE',
    runtimeName: 'cudaErrorNoDevice',
    text: 'no CUDA-capable device is detected',
    cause: 'there is no GPU that this driver knows',
  },
  {
    number: 200,
    driverName: 'CUDA_ERROR_INVALID_IMAGE',
    runtimeName: 'cudaErrorInvalidKernelImage',
    text: 'device kernel image is invalid',
    cause:
      'the driver cannot read the image: compressed with zstd for a driver before 550, or damaged',
  },
  {
    number: 209,
    driverName: 'CUDA_ERROR_NO_BINARY_FOR_GPU',
    runtimeName: 'cudaErrorNoKernelImageForDevice',
    text: 'no kernel image is available for execution on the device',
    cause: 'no usable SASS and no usable PTX for this GPU',
  },
  {
    number: 218,
    driverName: 'CUDA_ERROR_INVALID_PTX',
    runtimeName: 'cudaErrorInvalidPtx',
    text: 'a PTX JIT compilation failed',
    cause: 'the driver refuses the PTX for another reason than its version',
  },
  {
    number: 221,
    driverName: 'CUDA_ERROR_JIT_COMPILER_NOT_FOUND',
    runtimeName: 'cudaErrorJitCompilerNotFound',
    text: 'PTX JIT compiler library not found',
    cause: 'libnvidia-ptxjitcompiler.so.1 is missing',
  },
  {
    number: 222,
    driverName: 'CUDA_ERROR_UNSUPPORTED_PTX_VERSION',
    runtimeName: 'cudaErrorUnsupportedPtxVersion',
    text: 'the provided PTX was compiled with an unsupported toolchain.',
    cause: 'the PTX is of a newer version than the driver',
  },
  {
    number: 223,
    driverName: 'CUDA_ERROR_JIT_COMPILATION_DISABLED',
    runtimeName: 'cudaErrorJitCompilationDisabled',
    text: 'PTX JIT compilation was disabled',
    cause: 'CUDA_DISABLE_PTX_JIT=1 is set and the GPU code has to be compiled',
  },
  {
    number: 803,
    driverName: 'CUDA_ERROR_SYSTEM_DRIVER_MISMATCH',
    runtimeName: 'cudaErrorSystemDriverMismatch',
    text: 'system has unsupported display driver / cuda driver combination',
    cause: 'the user-mode and the kernel-mode driver do not belong together',
  },
  {
    number: 804,
    driverName: 'CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE',
    runtimeName: 'cudaErrorCompatNotSupportedOnDevice',
    text: 'forward compatibility was attempted on non supported HW',
    cause: 'the libcuda of a cuda-compat package is used with a GPU that is not for data centres',
  },
];

export function findCudaError(number: number): CudaError | undefined {
  return cudaErrors.find((error) => error.number === number);
}
