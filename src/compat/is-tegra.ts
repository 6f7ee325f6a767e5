import type { ComputeCapability } from '../units/compute-capability.ts';
import type { HostGpu } from './host-device.ts';

/**
 * Jetson Nano and TX1, TX2, Xavier, Orin, 8.8 (a target without a product), Thor under its names 10.1 (CUDA 12.8 and
 * 12.9) and 11.0 (13.0 on): CUDA Programming Guide, "Binary Compatibility"; NVIDIA, "CUDA GPU Compute Capability".
 */
const tegraCapabilities: ReadonlySet<ComputeCapability> = new Set([53, 62, 72, 87, 88, 101, 110]);

/** Whether this capability belongs to a Tegra chip. Binary compatibility within a major version is not promised there. */
export function isTegra(capability: ComputeCapability): boolean {
  return tegraCapabilities.has(capability);
}

/** What the host says of the chip, else what its capability says. */
export function isTegraGpu(gpu: HostGpu): boolean {
  return gpu.isTegra ?? isTegra(gpu.capability);
}
