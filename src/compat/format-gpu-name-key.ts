/** Words of a GPU's full name that do not tell it from another one: makers, memory, boards, editions, slices. */
const NOISE: ReadonlySet<string> = new Set(
  (
    'nvidia geforce tesla graphics gpu card gtx gt laptop notebook mobile generation edition server workstation ' +
    'blackwell founders max q with design developer kit nvgpu pcie pci e nvl oam hbm2 hbm2e hbm3 hbm3e gddr6 gddr6x ' +
    'grid vgpu mig lp tensor core superchip x2'
  ).split(' '),
);
/** `80gb`, `24g`, `sxm4`, a vGPU profile (`4c`), a MIG slice (`1g.10gb`). */
const NOISE_PATTERN = /^(?:\d+gb?|sxm\d*|\d{1,2}[abcq]|\d+g\.\d+gb)$/;

/**
 * What stays of a GPU's name when it is compared: `NVIDIA GeForce RTX 4090 Laptop GPU` and `rtx4090` become `rtx4090`,
 * `Tesla V100-SXM2-16GB` becomes `v100`, `GRID A100D-4C` becomes `a100d`.
 */
export function formatGpuNameKey(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/\((?:tm|r)\)|[™®]/g, ' ')
    .split(/[^a-z0-9.]+/)
    .filter((word) => word !== '' && !NOISE.has(word) && !NOISE_PATTERN.test(word));
  return words.join('').replace(/^(?:nvidia|geforce|gtx|tesla)+(?=.)/, '');
}
