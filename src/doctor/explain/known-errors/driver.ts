import type { KnownError } from '../known-error.ts';
import { githubIssue } from '../sources.ts';

/** The driver, its tools, and containers that are to use it. */
export const driverErrors: readonly KnownError[] = [
  {
    id: 'driver-not-running',
    title: 'The NVIDIA driver does not run',
    role: 'cause',
    patterns: [/NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver/],
    cause:
      'The kernel module of the driver is not loaded: it is not installed, was not built for this kernel (after a kernel update), is blocked by Secure Boot, or nouveau holds the GPU.',
    fix: 'Load the module and read why it fails; then install the driver again for this kernel.',
    commands: [
      'sudo modprobe nvidia',
      'sudo dmesg | grep -iE "nvidia|nouveau|nvrm" | tail',
      'mokutil --sb-state',
    ],
    examples: [
      {
        log: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
        source: githubIssue('microsoft/WSL#7716'),
      },
    ],
  },
  {
    id: 'driver-library-mismatch',
    title: 'The driver was updated, but the old one still runs',
    role: 'cause',
    patterns: [/Driver\/library version mismatch/i],
    cause:
      'The libraries of the driver are of another version than the kernel module that is loaded: an update took place in the background.',
    fix: 'Restart the machine. Without a restart, end everything that uses the GPU and load the modules again.',
    commands: ['cat /proc/driver/nvidia/version', 'modinfo -F version nvidia'],
    examples: [
      {
        log: 'Failed to initialize NVML: Driver/library version mismatch',
        source: githubIssue('intel/llvm#17614'),
      },
    ],
  },
  {
    id: 'driver-no-devices',
    title: 'The driver runs, but has no GPU that works',
    role: 'cause',
    patterns: [/\bNo devices were found\b/],
    cause:
      'The driver could not start any GPU: it does not know this one (too old, or it has dropped it), the open kernel modules are needed (RTX 50), power or PCIe settings are wrong, or a virtual machine has none.',
    fix: 'See what the kernel says, then install a driver that supports this GPU.',
    commands: ['lspci -nn | grep -i nvidia', 'sudo dmesg | grep -i nvrm | tail'],
    examples: [
      {
        log: 'No devices were found',
        source: githubIssue('NVIDIA/open-gpu-kernel-modules#862'),
      },
    ],
  },
  {
    id: 'gpu-lost',
    title: 'The GPU has dropped off the bus',
    role: 'cause',
    patterns: [
      /Unable to determine the device handle for GPU/,
      /GPU is lost\b/,
      /GPU has fallen off the bus/,
      /Xid \(PCI:[\da-f:.]{4,20}\): 79\b/i,
    ],
    cause:
      'The GPU stopped answering: overheating, too weak a power supply, a loose card or riser, or a defect.',
    fix: 'Shut the machine down (a restart may not be enough), check power and seat; limit the clocks to see whether it is the power.',
    commands: ['sudo dmesg | grep -iE "xid|nvrm" | tail', 'sudo nvidia-smi -lgc 300,1500'],
    examples: [
      {
        log: 'Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU',
        source: githubIssue('JosephKJ/OWOD#81'),
      },
      {
        log: "NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
        source: githubIssue('pop-os/pop#3363'),
      },
    ],
  },
  {
    id: 'gpu-xid',
    title: 'The driver logged a fault of the GPU (Xid {xid})',
    role: 'cause',
    patterns: [/\bXid \(PCI:[\da-f:.]{4,20}\): (?!79\b)(?<xid>\d{1,3})\b/i],
    cause:
      'Xid {xid} is how the driver numbers faults. 13, 31, 43 and 45 are mostly faults of a program; 48, 63, 64, 74, 94 and 95 are memory or link errors of the hardware; 119 and 120 are the firmware.',
    fix: "Look up the number in NVIDIA's list; for memory errors run the GPU's checks and have it replaced if they come back.",
    commands: ['nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER', 'sudo dmesg | grep -i xid'],
    examples: [
      {
        log: 'NVRM: Xid (PCI:0000:44:00): 31, pid=2448911, name=llama-server, Ch 00000008, intr 00000000. MMU Fault',
        source: 'https://docs.nvidia.com/deploy/xid-errors/index.html',
      },
    ],
  },
  {
    id: 'driver-blocked-by-nouveau',
    title: 'Another kernel driver holds the GPU',
    role: 'cause',
    patterns: [
      /NVRM: The NVIDIA probe routine was not called for \d{1,3} device/,
      /NVRM: nouveau, rivafb, nvidiafb or rivatv/,
    ],
    cause: "The kernel gave the GPU to nouveau or a framebuffer driver before NVIDIA's came.",
    fix: 'Keep nouveau from loading, write the boot image again and restart.',
    commands: [
      'lspci -k | grep -iA3 nvidia',
      'echo "blacklist nouveau" | sudo tee /etc/modprobe.d/blacklist-nouveau.conf',
    ],
    examples: [
      {
        log: '[188549.976351] NVRM: The NVIDIA probe routine was not called for 3 device(s).',
        source: githubIssue('mattshma/bigdata#133'),
      },
    ],
  },
  {
    id: 'docker-no-gpu-driver',
    title: 'docker does not know how to give a container a GPU',
    role: 'cause',
    patterns: [/could not select device driver "(?:nvidia)?" with capabilities: \[\[gpu\]\]/],
    cause:
      'The NVIDIA Container Toolkit is not installed or docker was not told of it; docker as a snap cannot use it.',
    fix: 'Install nvidia-container-toolkit, register it with docker and restart docker.',
    commands: [
      'sudo nvidia-ctk runtime configure --runtime=docker',
      'sudo systemctl restart docker',
      'docker run --rm --gpus all ubuntu nvidia-smi',
    ],
    examples: [
      {
        log: 'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
        source: githubIssue('NVIDIA/nvidia-docker#1352'),
      },
    ],
  },
  {
    id: 'container-driver-missing',
    title: 'The container runtime finds no working driver on the host',
    role: 'cause',
    patterns: [
      /nvidia-container-cli(?:\.real)?: initialization error: (?:nvml error|driver error|load library failed)/,
    ],
    cause:
      'The driver has to run on the host; containers only borrow it. There it is not installed, not loaded, or was updated without a restart.',
    fix: 'Make nvidia-smi work on the host first, outside docker.',
    commands: ['nvidia-smi', 'nvidia-container-cli info'],
    examples: [
      {
        log: 'nvidia-container-cli: initialization error: nvml error: driver not loaded: unknown.',
        source: githubIssue('NVIDIA/nvidia-container-toolkit#260'),
      },
      {
        log: 'nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no such file or directory: unknown.',
        source: githubIssue('ameli/manylinux-cuda#5'),
      },
    ],
  },
  {
    id: 'container-requirement',
    title: 'The image wants a newer driver than the host has',
    role: 'cause',
    patterns: [
      /nvidia-container-cli(?:\.real)?: requirement error: unsatisfied condition: (?<condition>[\w<>=.]{1,40})/,
    ],
    cause:
      'The image states a requirement, {condition|in NVIDIA_REQUIRE_CUDA}, that the driver of the host does not meet.',
    fix: 'Update the driver of the host, or use an image of an older CUDA version.',
    commands: ['nvidia-smi'],
    examples: [
      {
        log: 'nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.6, please update your driver to a newer version, or use an earlier cuda container: unknown',
        source: githubIssue('ggml-org/llama.cpp#9665'),
      },
    ],
  },
];
