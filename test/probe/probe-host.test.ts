import { describe, expect, it } from 'vitest';
import { checkCompatibility } from '../../src/compat/check-compatibility.ts';
import { recordHost } from '../../src/host/snapshot/record-host.ts';
import { createSnapshotHost } from '../../src/host/snapshot/create-snapshot-host.ts';
import { parseSnapshot } from '../../src/host/snapshot/parse-snapshot.ts';
import type { HostFacts } from '../../src/probe/host-facts.ts';
import { listHostDevices } from '../../src/probe/list-host-devices.ts';
import { probeHost } from '../../src/probe/probe-host.ts';
import { formatComputeCapability } from '../../src/units/compute-capability.ts';
import { formatCudaVersion } from '../../src/units/cuda-version.ts';
import { hostNames, loadHost, type HostName } from '../support/load-host.ts';

/** What a person would want to know first. */
function summarize(facts: HostFacts): readonly string[] {
  const { driver, platform } = facts;
  const libcuda = facts.libraries.find(({ soname }) => soname === 'libcuda.so.1');
  const [device] = listHostDevices(facts);
  const place = [platform.container, platform.service, platform.isWsl ? 'wsl' : undefined];
  return [
    `${platform.osName}${place.map((name) => (name ? `, ${name}` : '')).join('')}`,
    `driver ${driver.version} (${driver.kernelModule}${driver.isMismatched ? ', mismatched' : ''})`,
    `cuda ${driver.cudaVersion && formatCudaVersion(driver.cudaVersion)}, seen as ${driver.effectiveCudaVersion && formatCudaVersion(driver.effectiveCudaVersion)}`,
    ...facts.gpus.map(
      (gpu) =>
        `gpu ${gpu.name} ${gpu.capability && formatComputeCapability(gpu.capability)} by ${gpu.source}, ${gpu.capabilitySource}`,
    ),
    ...(libcuda?.copies ?? []).map(
      ({ path, version, kind }) =>
        `${path === libcuda?.loaded?.path ? '*' : '-'} ${path} ${version} ${kind}`,
    ),
    ...facts.toolkits.map(({ root, fullVersion }) => `toolkit ${fullVersion} in ${root}`),
    ...facts.runtimes.flatMap(({ build, binaries }) =>
      binaries.flatMap(({ path, evidence, missingLibraries }) => {
        if (!evidence || evidence.code.fatbins.length === 0) return [];
        const host = device && { ...device, missingLibraries };
        const verdict = host && checkCompatibility(evidence.code, host);
        const outcome = verdict
          ? `${verdict.outcome} ${verdict.cudaError ?? ''}`.trim()
          : 'no device';
        return [`b${build} ${path.split('/').at(-1)} (${evidence.toolkit}): ${outcome}`];
      }),
    ),
  ];
}

describe('probeHost', () => {
  it.each<readonly [HostName, readonly string[]]>([
    [
      'h100-driver-580',
      [
        'Ubuntu 24.04.3 LTS',
        'driver 580.159.04 (nvidia)',
        'cuda 13.0, seen as 13.0',
        'gpu NVIDIA H100 80GB HBM3 9.0 by nvidia-smi, nvidia-smi',
        '* /usr/local/nvidia/lib64/libcuda.so.1 580.159.04 normal',
        '- /lib/libcuda.so.1 580.159.04 normal',
        '- /usr/local/cuda/compat/libcuda.so.1 580.95.05 compat',
        '- /usr/local/cuda/lib64/stubs/libcuda.so.1 undefined stub',
        'toolkit 13.0.2 in /usr/local/cuda',
        'b9300 libggml-cuda.so (13.1): fail 222',
      ],
    ],
    [
      'colab-t4-550',
      [
        'Ubuntu 22.04.4 LTS, colab',
        'driver 550.54.15 (nvidia)',
        'cuda 12.4, seen as 12.4',
        'gpu Tesla T4 7.5 by nvidia-smi, nvidia-smi',
        '* /usr/lib64-nvidia/libcuda.so.1 550.54.15 normal',
        '- /usr/local/cuda-12.5/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.5.1 in /usr/local/cuda-12.5',
        'b9120 libggml-cuda.so (12.8): fail 222',
      ],
    ],
    [
      'colab-t4-580',
      [
        'Ubuntu 22.04.4 LTS, colab',
        'driver 580.82.07 (nvidia)',
        'cuda 13.0, seen as 13.0',
        'gpu Tesla T4 7.5 by nvidia-smi, nvidia-smi',
        '* /usr/lib64-nvidia/libcuda.so.1 580.82.07 normal',
        '- /usr/local/cuda-12.8/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.8.1 in /usr/local/cuda-12.8',
        'b9300 libggml-cuda.so (13.1): fail 222',
      ],
    ],
    [
      'kaggle-2xt4',
      [
        'Ubuntu 22.04.4 LTS, kaggle',
        'driver 580.82.07 (nvidia)',
        'cuda 13.0, seen as 13.0',
        'gpu Tesla T4 7.5 by nvidia-smi, nvidia-smi',
        'gpu Tesla T4 7.5 by nvidia-smi, nvidia-smi',
        '* /usr/local/nvidia/lib64/libcuda.so.1 580.82.07 normal',
        '- /usr/local/cuda-12.5/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.5.1 in /usr/local/cuda-12.5',
        'b6869 libggml-cuda.so (12.4): jit',
      ],
    ],
    [
      'wsl2',
      [
        'Ubuntu 24.04.3 LTS, wsl',
        'driver 572.61 (nvidia)',
        'cuda 12.8, seen as 12.8',
        'gpu NVIDIA GeForce RTX 4070 8.9 by nvidia-smi, nvidia-smi',
        '* /usr/lib/wsl/lib/libcuda.so.1 undefined normal',
        'b6869 libggml-cuda.so (12.4): native',
      ],
    ],
    [
      'laptop-940m-470',
      [
        'Ubuntu 22.04.4 LTS',
        'driver 470.256.02 (nvidia)',
        'cuda 11.4, seen as 11.4',
        'gpu NVIDIA GeForce 940M 5.0 by nvidia-smi, table',
        '* /lib/x86_64-linux-gnu/libcuda.so.1 470.256.02 normal',
        'b6869 libggml-cuda.so (12.4): fail 35',
      ],
    ],
    [
      'geforce-compat-804',
      [
        'Ubuntu 24.04.3 LTS, docker',
        'driver 550.163.01 (nvidia)',
        'cuda 12.4, seen as 12.8',
        'gpu NVIDIA GeForce RTX 3090 8.6 by nvidia-smi, nvidia-smi',
        '* /usr/local/cuda/compat/libcuda.so.1 570.124.06 compat',
        '- /usr/lib/x86_64-linux-gnu/libcuda.so.1 550.163.01 normal',
        '- /usr/local/cuda-12.8/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.8.1 in /usr/local/cuda-12.8',
        'b9120 libggml-cuda.so (12.8): fail 804',
      ],
    ],
    [
      'container-no-ptx-compiler',
      [
        'Ubuntu 22.04.4 LTS, docker',
        'driver 570.124.06 (nvidia)',
        'cuda 12.8, seen as 12.8',
        'gpu NVIDIA A100-SXM4-40GB 8.0 by nvidia-smi, nvidia-smi',
        '* /usr/lib/x86_64-linux-gnu/libcuda.so.1 570.124.06 normal',
        '- /usr/local/cuda-12.8/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.8.1 in /usr/local/cuda-12.8',
        'b9120 libggml-cuda.so (12.8): fail 221',
      ],
    ],
    [
      'no-gpu',
      ['Ubuntu 24.04.3 LTS', 'driver undefined (none)', 'cuda undefined, seen as undefined'],
    ],
    [
      'two-gpus',
      [
        'Ubuntu 24.04.3 LTS',
        'driver 570.124.06 (nvidia)',
        'cuda 12.8, seen as 12.8',
        'gpu NVIDIA GeForce GTX 1080 6.1 by nvidia-smi, nvidia-smi',
        'gpu NVIDIA GeForce RTX 3090 8.6 by nvidia-smi, nvidia-smi',
        '* /lib/x86_64-linux-gnu/libcuda.so.1 570.124.06 normal',
        '- /usr/local/cuda-12.8/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.8.1 in /usr/local/cuda-12.8',
        'b9120 libggml-cuda.so (12.8): native',
      ],
    ],
    [
      'mig',
      [
        'Ubuntu 22.04.4 LTS',
        'driver 550.163.01 (nvidia)',
        'cuda 12.4, seen as 12.4',
        'gpu NVIDIA A100 80GB PCIe 8.0 by nvidia-smi, nvidia-smi',
        '* /lib/x86_64-linux-gnu/libcuda.so.1 550.163.01 normal',
        '- /usr/local/cuda-12.4/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.4.1 in /usr/local/cuda-12.4',
        'b6869 libggml-cuda.so (12.4): jit',
      ],
    ],
    [
      'dgx-spark',
      [
        'NVIDIA DGX Spark Version 7.2.3',
        'driver 580.95.05 (nvidia)',
        'cuda 13.0, seen as 13.0',
        'gpu NVIDIA GB10 12.1 by nvidia-smi, nvidia-smi',
        '* /lib/aarch64-linux-gnu/libcuda.so.1 580.95.05 normal',
        'toolkit undefined in /usr/local/cuda',
        'b9300 libggml-cuda.so (13.1): native',
      ],
    ],
    [
      'jetson-orin',
      [
        'Ubuntu 22.04.4 LTS',
        'driver undefined (tegra)',
        'cuda 12.6, seen as 12.6',
        'gpu Orin 8.7 by libcuda, libcuda',
        '* /usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1 1.1 normal',
        'b6869 libggml-cuda.so (12.6): native',
      ],
    ],
    [
      'nouveau',
      [
        'Ubuntu 24.04.3 LTS',
        'driver undefined (nouveau)',
        'cuda undefined, seen as undefined',
        'gpu GeForce GTX 1660 7.5 by pci, table',
        'b6869 libggml-cuda.so (12.4): no device',
      ],
    ],
    [
      'driver-mismatch-803',
      [
        'Ubuntu 22.04.4 LTS',
        'driver 550.144.03 (nvidia, mismatched)',
        'cuda 12.4, seen as 12.4',
        'gpu NVIDIA A30 8.0 by kernel, table',
        '* /lib/x86_64-linux-gnu/libcuda.so.1 550.163.01 normal',
        '- /usr/local/cuda-12.4/lib64/stubs/libcuda.so undefined stub',
        'toolkit 12.4.1 in /usr/local/cuda-12.4',
        'b6869 libggml-cuda.so (12.4): jit',
      ],
    ],
  ])('tells what %s is', async (name, expected) => {
    const facts = await probeHost(await loadHost(name));

    expect(summarize(facts)).toEqual(expected);
  });

  it.each(hostNames)(
    'gives the same facts of %s when it is recorded and replayed',
    async (name) => {
      const recording = recordHost(await loadHost(name));
      const facts = await probeHost(recording.host);

      const text = JSON.stringify(recording.createSnapshot());
      const replayed = await probeHost(createSnapshotHost(parseSnapshot(text)));

      expect(replayed).toEqual(facts);
    },
  );
});
