import type { EccFacts, GpuProcess, MigInstance } from '../facts/gpu-facts.ts';
import { cleanText } from '../clean-text.ts';
import { normalizePciAddress } from '../gpus/normalize-pci-address.ts';
import { parseSmiMemory, parseSmiMode, parseSmiNumber, parseSmiText } from './parse-smi-value.ts';
import { GPU_LIMIT, type SmiGpu, type SmiReport } from './smi-gpu.ts';

const PROCESS_LIMIT = 256;

/**
 * Reads `nvidia-smi -q -x`. Its form is that of nvsmi_device_v10.dtd to v12.dtd, which the driver's package holds: elements
 * without attributes other than the id of a GPU, so that a search for names is enough. Anything else gives no GPUs.
 */
export function parseSmiXml(text: string): SmiReport {
  const [head = '', ...blocks] = text.split('<gpu id="');
  return {
    driverVersion: parseSmiText(findTag(head, 'driver_version')),
    cudaVersion: parseSmiText(findTag(head, 'cuda_version')),
    gpus: blocks.slice(0, GPU_LIMIT).flatMap((block) => parseGpu(block) ?? []),
  };
}

function parseGpu(block: string): SmiGpu | undefined {
  const name = parseSmiText(findTag(block, 'product_name'));
  if (name === undefined) return undefined;
  // The instances have elements of the same names as the GPU.
  const instances = findSection(block, 'mig_devices');
  const own = block.replace(instances, '');
  const memory = findSection(own, 'fb_memory_usage');
  return {
    name,
    uuid: parseSmiText(findTag(own, 'uuid')),
    pciAddress: normalizePciAddress(block.slice(0, block.indexOf('"'))),
    pciId: parsePciId(findTag(own, 'pci_device_id')),
    memoryTotalBytes: parseSmiMemory(findTag(memory, 'total')),
    memoryFreeBytes: parseSmiMemory(findTag(memory, 'free')),
    mig: {
      mode: parseSmiMode(findTag(own, 'current_mig')),
      instances: splitSections(instances, 'mig_device').map(parseMigInstance),
    },
    ecc: parseEcc(own),
    isPersistent: parseFlag(findTag(own, 'persistence_mode')),
    computeMode: parseComputeMode(findTag(own, 'compute_mode')),
    isDisplayActive: parseFlag(findTag(own, 'display_active')),
    temperatureCelsius: parseSmiNumber(findTag(own, 'gpu_temp')),
    utilizationPercent: parseSmiNumber(findTag(own, 'gpu_util')),
    ...parsePower(own),
    processes: splitSections(findSection(own, 'processes'), 'process_info')
      .slice(0, PROCESS_LIMIT)
      .flatMap((process) => parseProcess(process) ?? []),
  };
}

/** `gpu_power_readings` from R530 on, `power_readings` before; `enforced_power_limit` was split up then. */
function parsePower(block: string): Pick<SmiGpu, 'power' | 'clocks'> {
  const readings = findSection(block, 'gpu_power_readings') || findSection(block, 'power_readings');
  const clocks = findSection(block, 'clocks');
  return {
    power: {
      usageWatts: parseSmiNumber(
        findTag(readings, 'power_draw') ?? findTag(readings, 'instant_power_draw'),
      ),
      limitWatts: parseSmiNumber(
        findTag(readings, 'enforced_power_limit') ??
          findTag(readings, 'current_power_limit') ??
          findTag(readings, 'power_limit'),
      ),
      maximumLimitWatts: parseSmiNumber(findTag(readings, 'max_power_limit')),
    },
    clocks: {
      smMhz: parseSmiNumber(findTag(clocks, 'sm_clock')),
      smMaximumMhz: parseSmiNumber(findTag(findSection(block, 'max_clocks'), 'sm_clock')),
      memoryMhz: parseSmiNumber(findTag(clocks, 'mem_clock')),
    },
  };
}

/** Names of the counters differ by GPU: `dram_uncorrectable`, `sram_uncorrectable`, `double_bit` > `total`. */
function parseEcc(block: string): EccFacts {
  const volatile = findSection(findSection(block, 'ecc_errors'), 'volatile');
  const counters = [
    findTag(volatile, 'dram_uncorrectable'),
    findTag(volatile, 'sram_uncorrectable'),
    findTag(findSection(volatile, 'double_bit'), 'total'),
  ]
    .map((text) => parseSmiNumber(text))
    .filter((count) => count !== undefined);
  return {
    mode: parseSmiMode(findTag(block, 'current_ecc')),
    uncorrectedErrors:
      counters.length === 0 ? undefined : counters.reduce((sum, count) => sum + count, 0),
  };
}

/** The XML has neither the profile nor the UUID: `nvidia-smi -L` has them. */
function parseMigInstance(block: string): MigInstance {
  const memory = findSection(block, 'fb_memory_usage');
  return {
    profile: undefined,
    uuid: undefined,
    memoryTotalBytes: parseSmiMemory(findTag(memory, 'total')),
    memoryFreeBytes: parseSmiMemory(findTag(memory, 'free')),
  };
}

function parseProcess(block: string): GpuProcess | undefined {
  const pid = parseSmiNumber(findTag(block, 'pid'));
  if (pid === undefined || !Number.isSafeInteger(pid)) return undefined;
  const path = parseSmiText(findTag(block, 'process_name'))?.split(' ')[0];
  return {
    pid,
    name: cleanText(path?.split(/[/\\]/).at(-1)),
    memoryBytes: parseSmiMemory(findTag(block, 'used_memory')),
  };
}

/** `1EB810DE`: device, then vendor. */
function parsePciId(text: string | undefined): string | undefined {
  const match = /^(?:0x)?([0-9a-f]{4})([0-9a-f]{4})$/i.exec(text?.trim() ?? '');
  return match ? `${match[2]}:${match[1]}`.toLowerCase() : undefined;
}

function parseFlag(text: string | undefined): boolean | undefined {
  const mode = parseSmiMode(text);
  if (mode === 'enabled') return true;
  return mode === 'disabled' ? false : undefined;
}

function parseComputeMode(text: string | undefined): SmiGpu['computeMode'] {
  const mode = text?.trim().toLowerCase().replace('_', ' ');
  if (mode === 'default' || mode === 'prohibited') return mode;
  return mode?.startsWith('exclusive') === true ? 'exclusive-process' : undefined;
}

/** The text of the first element of this name; elements in it make it none. */
function findTag(text: string, name: string): string | undefined {
  const start = text.indexOf(`<${name}>`);
  if (start < 0) return undefined;
  const from = start + name.length + 2;
  const end = text.indexOf('<', from);
  if (end < 0 || !text.startsWith(`</${name}>`, end)) return undefined;
  return decodeEntities(text.slice(from, end));
}

/** What is between the first start and the first end of an element; empty when there is none. */
function findSection(text: string, name: string): string {
  const start = text.indexOf(`<${name}>`);
  const end = start < 0 ? -1 : text.indexOf(`</${name}>`, start);
  return end < 0 ? '' : text.slice(start + name.length + 2, end);
}

function splitSections(text: string, name: string): readonly string[] {
  return text
    .split(`<${name}>`)
    .slice(1)
    .map((part) => part.split(`</${name}>`)[0] ?? '');
}

function decodeEntities(text: string): string {
  return text.replace('&lt;', '<').replace('&gt;', '>').replace('&amp;', '&');
}
