import type { HostFacts } from '../probe/host-facts.ts';

/** How the driver's PTX compiler gets here. */
export function describeCompilerFix({ platform, driver }: HostFacts): {
  readonly fix: string;
  readonly commands: readonly string[];
} {
  if (platform.container !== undefined) {
    return {
      fix: 'Start the container with the compute part of the driver.',
      commands: ['docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE'],
    };
  }
  const branch = driver.version?.split('.')[0] ?? '580';
  return {
    fix: 'Install the compute libraries of this driver.',
    commands: [`sudo apt-get install -y libnvidia-compute-${branch}`],
  };
}
