// Parts of the composed hosts of test/fixtures/hosts: what programs print and what files hold, in their documented forms.

const MIB = 1024 * 1024;

/** What nvidia-smi prints for the query, the old query, `-q -x` and `-L`. `gpus` are rows of plain values. */
export function smi({ driver, cuda, gpus, isOld = false, command = 'nvidia-smi' }) {
  const fields = 'name,driver_version,compute_cap,pci.bus_id,uuid,memory.total,memory.free';
  const query = (names) => `${command} --query-gpu=${names} --format=csv,noheader`;
  const line = (gpu, hasCapability) =>
    [
      gpu.name,
      driver,
      ...(hasCapability ? [gpu.capability] : []),
      gpu.address === undefined ? '[N/A]' : `0000${gpu.address}`,
      gpu.uuid,
      gpu.totalMib === undefined ? '[N/A]' : `${gpu.totalMib} MiB`,
      gpu.freeMib === undefined ? '[N/A]' : `${gpu.freeMib} MiB`,
    ].join(', ');
  const lines = (hasCapability) => `${gpus.map((gpu) => line(gpu, hasCapability)).join('\n')}\n`;
  const refused = 'Field "compute_cap" is not a valid field to query.\n\n';
  return {
    [query(fields)]: isOld ? { exitCode: 2, stdout: refused } : { stdout: lines(true) },
    ...(isOld && { [query(fields.replace('compute_cap,', ''))]: { stdout: lines(false) } }),
    [`${command} -q -x`]: { stdout: smiXml({ driver, cuda, gpus }) },
    ...(gpus.some(({ mig }) => mig) && { [`${command} -L`]: { stdout: smiList(gpus) } }),
  };
}

function smiXml({ driver, cuda, gpus }) {
  const value = (number, unit) => (number === undefined ? 'N/A' : `${number} ${unit}`);
  const blocks = gpus.map((gpu) => {
    const [usage, limit] = gpu.watts ?? [];
    const instances = (gpu.mig ?? []).map(
      ({ totalMib }, index) => `
			<mig_device>
				<index>${index}</index>
				<gpu_instance_id>${index + 1}</gpu_instance_id>
				<compute_instance_id>0</compute_instance_id>
				<fb_memory_usage>
					<total>${totalMib} MiB</total>
					<used>12 MiB</used>
					<free>${totalMib - 12} MiB</free>
				</fb_memory_usage>
			</mig_device>`,
    );
    const processes = (gpu.processes ?? []).map(
      ({ pid, name, usedMib }) => `
			<process_info>
				<pid>${pid}</pid>
				<type>C</type>
				<process_name>${name}</process_name>
				<used_memory>${usedMib} MiB</used_memory>
			</process_info>`,
    );
    return `
	<gpu id="0000${gpu.address ?? '0000:00:00.0'}">
		<product_name>${gpu.name}</product_name>
		<display_active>${gpu.display ?? 'Disabled'}</display_active>
		<persistence_mode>${gpu.persistence ?? 'Disabled'}</persistence_mode>
		<mig_mode>
			<current_mig>${gpu.migMode ?? 'N/A'}</current_mig>
		</mig_mode>
		<mig_devices>${instances.length > 0 ? instances.join('') : 'None'}
		</mig_devices>
		<uuid>${gpu.uuid}</uuid>
		<pci>
			<pci_device_id>${gpu.deviceId ?? '000010DE'}</pci_device_id>
		</pci>
		<fb_memory_usage>
			<total>${value(gpu.totalMib, 'MiB')}</total>
			<free>${value(gpu.freeMib, 'MiB')}</free>
		</fb_memory_usage>
		<compute_mode>Default</compute_mode>
		<utilization>
			<gpu_util>${value(gpu.utilization, '%')}</gpu_util>
		</utilization>
		<ecc_mode>
			<current_ecc>${gpu.ecc ?? 'N/A'}</current_ecc>
		</ecc_mode>
		<temperature>
			<gpu_temp>${value(gpu.celsius, 'C')}</gpu_temp>
		</temperature>
		<gpu_power_readings>
			<power_draw>${value(usage, 'W')}</power_draw>
			<current_power_limit>${value(limit, 'W')}</current_power_limit>
		</gpu_power_readings>
		<processes>${processes.join('')}
		</processes>
	</gpu>`;
  });
  return `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<driver_version>${driver}</driver_version>
	<cuda_version>${cuda}</cuda_version>
	<attached_gpus>${gpus.length}</attached_gpus>${blocks.join('')}
</nvidia_smi_log>
`;
}

function smiList(gpus) {
  const lines = gpus.flatMap((gpu, index) => [
    `GPU ${index}: ${gpu.name} (UUID: ${gpu.uuid})`,
    ...(gpu.mig ?? []).map(
      ({ profile, uuid }, at) => `  MIG ${profile}     Device  ${at}: (UUID: ${uuid})`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/** An nvidia-smi that ends with an error, whatever it is asked. */
export function brokenSmi(result) {
  const commands = smi({ driver: '', cuda: '', gpus: [] });
  return Object.fromEntries(Object.keys(commands).map((command) => [command, result]));
}

export const uuid = (number) => `GPU-00000000-0000-0000-0000-${String(number).padStart(12, '0')}`;

/** `/proc/driver/nvidia/version` and the device nodes. */
export function kernelDriver(version, { gpuCount = 1, isOpen = false } = {}) {
  const banner = isOpen
    ? `NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  ${version}  Release Build  (root@builder)`
    : `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${version}  Tue Mar  5 22:23:56 UTC 2024`;
  const nodes = [
    'nvidiactl',
    'nvidia-uvm',
    ...Array.from({ length: gpuCount }, (_, at) => `nvidia${at}`),
  ];
  return {
    files: {
      '/proc/driver/nvidia/version': `${banner}\nGCC version:  gcc version 12.3.0 (GCC)\n`,
      '/sys/module/nvidia/version': `${version}\n`,
    },
    entries: Object.fromEntries(nodes.map((name) => [`/dev/${name}`, { kind: 'other' }])),
  };
}

/** A distribution with glibc: what the loader knows, without NVIDIA's part. */
export function linux({
  name,
  id,
  version,
  glibc,
  glibcxx,
  kernel,
  arch = 'x64',
  memoryGib,
  cpu,
  flags,
  cores,
}) {
  const [triplet, loader, folder] =
    arch === 'x64'
      ? ['x86_64-linux-gnu', 'ld-linux-x86-64.so.2', '/lib64']
      : ['aarch64-linux-gnu', 'ld-linux-aarch64.so.1', '/lib'];
  const base = `/lib/${triplet}`;
  const minor = glibcxx.split('.')[2];
  const libraries = [
    'libc.so.6',
    'libm.so.6',
    'libgcc_s.so.1',
    'libdl.so.2',
    'libpthread.so.0',
    'librt.so.1',
  ];
  const processor = (at) =>
    arch === 'x64'
      ? `processor\t: ${at}\nmodel name\t: ${cpu}\nphysical id\t: 0\ncore id\t\t: ${Math.floor(at / 2)}\nflags\t\t: ${flags}\n`
      : `processor\t: ${at}\nBogoMIPS\t: 62.50\nFeatures\t: ${flags}\n`;
  return {
    files: {
      '/etc/os-release': `PRETTY_NAME="${name}"\nID=${id}\nVERSION_ID="${version}"\n`,
      '/proc/sys/kernel/osrelease': `${kernel}\n`,
      '/proc/cpuinfo': Array.from({ length: cores }, (_, at) => processor(at)).join('\n'),
      '/proc/meminfo': `MemTotal:       ${memoryGib * MIB} kB\nMemFree:        ${Math.round(memoryGib * MIB * 0.7)} kB\nMemAvailable:   ${Math.round(memoryGib * MIB * 0.9)} kB\nSwapTotal:             0 kB\n`,
      '/proc/self/status': 'Uid:\t1000\t1000\t1000\t1000\n',
    },
    entries: {
      [`${folder}/${loader}`]: {},
      ...Object.fromEntries(
        libraries.map((library) => [`${base}/${library}`, { sizeBytes: 900_000 }]),
      ),
      [`${base}/libstdc++.so.6`]: {
        realPath: `${base}/libstdc++.so.6.0.${minor}`,
        sizeBytes: 2_600_000,
      },
      [`${base}/libgomp.so.1`]: { realPath: `${base}/libgomp.so.1.0.0`, sizeBytes: 300_000 },
      '/home/user': { kind: 'folder' },
    },
    commands: { 'getconf GNU_LIBC_VERSION': { stdout: `glibc ${glibc}\n` } },
    cache: [...libraries, 'libstdc++.so.6', 'libgomp.so.1'].map((library) => [
      library,
      `${base}/${library}`,
    ]),
    arch,
    coreCount: cores,
  };
}

export const x86 = {
  cpu: 'Intel(R) Xeon(R) CPU @ 2.20GHz',
  flags:
    'fpu sse3 ssse3 fma sse4_1 sse4_2 f16c avx avx2 bmi2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_vnni',
};

export const ubuntu22 = {
  name: 'Ubuntu 22.04.4 LTS',
  id: 'ubuntu',
  version: '22.04',
  glibc: '2.35',
  glibcxx: '3.4.30',
  kernel: '6.1.85+',
};
export const ubuntu24 = {
  name: 'Ubuntu 24.04.3 LTS',
  id: 'ubuntu',
  version: '24.04',
  glibc: '2.39',
  glibcxx: '3.4.33',
  kernel: '6.8.0-45-generic',
};

/** The driver's user-space libraries in a folder. */
export function driverLibraries(
  folder,
  version,
  { isCached = true, hasCompiler = true, hasNvml = true } = {},
) {
  const names = [
    'libcuda',
    ...(hasNvml ? ['libnvidia-ml'] : []),
    ...(hasCompiler ? ['libnvidia-ptxjitcompiler'] : []),
  ];
  const sizes = {
    libcuda: 28_000_000,
    'libnvidia-ml': 2_100_000,
    'libnvidia-ptxjitcompiler': 28_000_000,
  };
  return {
    entries: Object.fromEntries(
      names.map((name) => [
        `${folder}/${name}.so.1`,
        { realPath: `${folder}/${name}.so.${version}`, sizeBytes: sizes[name] },
      ]),
    ),
    cache: isCached ? names.map((name) => [`${name}.so.1`, `${folder}/${name}.so.1`]) : [],
  };
}

/** A toolkit under /usr/local with its runtime libraries, `major` as in the sonames. */
export function toolkit(version, full, nvcc, { isCached = true, isOnPath = true } = {}) {
  const root = `/usr/local/cuda-${version}`;
  const major = version.split('.')[0];
  const target = `${root}/targets/x86_64-linux/lib`;
  const sonames = [`libcudart.so.${major}`, `libcublas.so.${major}`, `libcublasLt.so.${major}`];
  return {
    files: {
      [`${root}/version.json`]: JSON.stringify({
        cuda: { name: 'CUDA SDK', version: full },
        cuda_nvcc: { name: 'CUDA NVCC', version: nvcc },
      }),
    },
    entries: {
      '/usr/local/cuda': { kind: 'folder', realPath: root },
      [`${root}/bin/nvcc`]: {},
      '/usr/local/cuda/bin/nvcc': { realPath: `${root}/bin/nvcc` },
      [`${root}/lib64/stubs/libcuda.so`]: { sizeBytes: 60_000 },
      ...Object.fromEntries(
        sonames.map((name) => [
          `${target}/${name}`,
          {
            realPath: `${target}/${name}.${full.split('.')[1]}.1`,
            sizeBytes: name.startsWith('libcudart') ? 700_000 : 100_000_000,
          },
        ]),
      ),
    },
    cache: isCached ? sonames.map((name) => [name, `${target}/${name}`]) : [],
    ...(isOnPath && { path: ['/usr/local/cuda/bin'] }),
  };
}

export const SMI_FORMS = 'nvidia-smi: forms of its manual and of nvsmi_device_v12.dtd';
export const LAYOUT = 'libraries: package layouts of NVIDIA and Ubuntu';

/** What llcuda's own program prints that loads libcuda and NVML. */
export function native({ nvml, libcuda }) {
  return `${JSON.stringify({ schemaVersion: 1, step: 'done', nvml, libcuda })}\n`;
}

export function pci(address, vendor, pciClass, device) {
  const folder = `/sys/bus/pci/devices/${address}`;
  return {
    [`${folder}/vendor`]: `${vendor}\n`,
    [`${folder}/class`]: `${pciClass}\n`,
    [`${folder}/device`]: `${device}\n`,
  };
}
