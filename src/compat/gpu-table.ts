import type { ComputeCapability } from '../units/compute-capability.ts';
import { isTegra } from './is-tegra.ts';

/** How a family of GPUs is named, and so which short forms of its names people use. */
export type GpuFamily = 'geforce' | 'quadro' | 'data-center' | 'jetson' | 'other';

export interface GpuRow {
  readonly name: string;
  readonly capability: ComputeCapability;
  readonly family: GpuFamily;
  readonly isTegra: boolean;
  /** Whether cuda-compat supports it: NVIDIA's data-centre GPUs. */
  readonly isDataCenter: boolean;
}

const groups: readonly (readonly [ComputeCapability, GpuFamily, names: string])[] = [
  [35, 'data-center', 'K40, K20'],
  [37, 'data-center', 'K80'],
  [50, 'geforce', 'GTX 750 Ti, GTX 750, GTX 745, GTX 960M, GTX 950M, 940MX, 940M, 930M'],
  [50, 'geforce', 'GTX 850M, 840M, 830M'],
  [50, 'quadro', 'K2200, K1200, K620, K620M, M1200, M520, M5000M, M4000M, M3000M, M2000M'],
  [50, 'quadro', 'M1000M, M600M, M500M'],
  [50, 'other', 'NVS 810'],
  [50, 'data-center', 'M10'],
  [52, 'geforce', 'GTX TITAN X, GTX 980 Ti, GTX 980, GTX 970, GTX 960, GTX 950'],
  [52, 'geforce', 'GTX 980M, GTX 970M, GTX 965M, 910M'],
  [52, 'quadro', 'M6000, M5000, M4000, M2000, M5500M, M2200, M620'],
  [52, 'data-center', 'M60, M40, M4'],
  [53, 'jetson', 'Jetson Nano, Jetson TX1'],
  [60, 'data-center', 'P100'],
  [60, 'quadro', 'GP100'],
  [61, 'geforce', 'GTX 1080 Ti, GTX 1080, GTX 1070 Ti, GTX 1070, GTX 1060, GTX 1050 Ti'],
  [61, 'geforce', 'GTX 1050, GT 1030, MX150, MX250, MX350'],
  [61, 'other', 'TITAN Xp, TITAN X (Pascal)'],
  [61, 'quadro', 'P6000, P5200, P5000, P4200, P4000, P3200, P3000, P2200, P2000, P1000'],
  [61, 'quadro', 'P620, P600, P520, P500, P400'],
  [61, 'data-center', 'P40, P4'],
  [62, 'jetson', 'Jetson TX2'],
  [70, 'data-center', 'V100'],
  [70, 'quadro', 'GV100'],
  [70, 'other', 'TITAN V'],
  [72, 'jetson', 'Jetson AGX Xavier, Jetson Xavier NX'],
  [75, 'data-center', 'T4, T4G'],
  [75, 'geforce', 'RTX 2080 Ti, RTX 2080 Super, RTX 2080, RTX 2070 Super, RTX 2070'],
  [75, 'geforce', 'RTX 2060 Super, RTX 2060, GTX 1660 Ti, GTX 1660 Super, GTX 1660'],
  [75, 'geforce', 'GTX 1650 Ti, GTX 1650 Super, GTX 1650, MX450, MX550'],
  [75, 'other', 'TITAN RTX, T1200, T1000, T600, T500, T400'],
  [75, 'other', 'Quadro RTX 8000, Quadro RTX 6000, Quadro RTX 5000, Quadro RTX 4000'],
  [75, 'other', 'Quadro RTX 3000'],
  [80, 'data-center', 'A100, A30, A800, A100X'],
  [86, 'data-center', 'A40, A10, A10G, A16, A2'],
  [86, 'other', 'RTX A6000, RTX A5500, RTX A5000, RTX A4500, RTX A4000, RTX A3000'],
  [86, 'other', 'RTX A2000, RTX A1000, RTX A500, RTX A400'],
  [86, 'geforce', 'RTX 3090 Ti, RTX 3090, RTX 3080 Ti, RTX 3080, RTX 3070 Ti, RTX 3070'],
  [86, 'geforce', 'RTX 3060 Ti, RTX 3060, RTX 3050 Ti, RTX 3050, RTX 2050, MX570'],
  [87, 'jetson', 'Jetson AGX Orin, Jetson Orin NX, Jetson Orin Nano'],
  [89, 'data-center', 'L4, L40, L40S, L20, L2'],
  [89, 'other', 'RTX 6000 Ada, RTX 5880 Ada, RTX 5000 Ada, RTX 4500 Ada, RTX 4000 Ada'],
  [89, 'other', 'RTX 4000 SFF Ada, RTX 2000 Ada, RTX 1000 Ada, RTX 500 Ada'],
  [89, 'geforce', 'RTX 4090, RTX 4090 D, RTX 4080 Super, RTX 4080, RTX 4070 Ti Super'],
  [89, 'geforce', 'RTX 4070 Ti, RTX 4070 Super, RTX 4070, RTX 4060 Ti, RTX 4060, RTX 4050'],
  [90, 'data-center', 'H100, H200, GH200, H800, H20'],
  [100, 'data-center', 'B200, GB200, B100'],
  [103, 'data-center', 'B300, GB300'],
  [107, 'data-center', 'Rubin'],
  [110, 'jetson', 'Jetson T5000, Jetson T4000'],
  [120, 'other', 'RTX PRO 6000 Blackwell, RTX PRO 5000 Blackwell, RTX PRO 4500 Blackwell'],
  [120, 'other', 'RTX PRO 4000 Blackwell, RTX PRO 2000 Blackwell'],
  [120, 'geforce', 'RTX 5090, RTX 5080, RTX 5070 Ti, RTX 5070, RTX 5060 Ti, RTX 5060'],
  [120, 'geforce', 'RTX 5050'],
  [121, 'other', 'GB10'],
];

/**
 * NVIDIA, "CUDA GPU Compute Capability" and "Legacy CUDA GPU Compute Capability". From memory, and not on those pages:
 * 3.x; GTX 745, Tesla M10, M40, M4; Jetson TX1; GTX 1050 Ti, GT 1030, MX; T4G, T1200, T500, RTX 3000; A800, A100X; A10G,
 * RTX A5500, A1000, A500, A400, RTX 2050, MX570; L20, L2, RTX 5880, 1000 and 500 Ada, RTX 4090 D; H800, H20; B100.
 */
export const gpuTable: readonly GpuRow[] = groups.flatMap(([capability, family, names]) =>
  names.split(', ').map((name) => ({
    name: family === 'quadro' ? `Quadro ${name}` : name,
    capability,
    family,
    isTegra: isTegra(capability),
    isDataCenter: family === 'data-center',
  })),
);
