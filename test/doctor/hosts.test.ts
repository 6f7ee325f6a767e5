import { describe, expect, it } from 'vitest';
import { diagnoseFixture, listProblems } from '../support/diagnose-host.ts';

// Reviewed by hand: what a person is told, and whether it is right.
describe('runDoctor on the hosts of the fixtures', () => {
  it('a llama.cpp of CUDA 13.1 on an H100 with driver 580: its PTX is too new', async () => {
    const report = await diagnoseFixture('h100-driver-580');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: /opt/llama/bin/llama-server does not run on NVIDIA H100 80GB HBM3 (9.0) (CUDA error 222). The GPU code for NVIDIA H100 80GB HBM3 (9.0) is PTX (compute_90) of version 9.1, and driver 580.159.04 (CUDA 13.0) compiles PTX up to 9.0 (143 of 143 fatbins).
        Update the driver to 590.44.01 or later, or use a build with sm_90 code.
        $ sudo apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=90 && cmake --build llama.cpp/build --config Release -j 16
      fail runtime-gpu-code: libggml-cuda.so of /opt/llama/bin/llama-server: The GPU code for NVIDIA H100 80GB HBM3 (9.0) is PTX (compute_90) of version 9.1, and driver 580.159.04 (CUDA 13.0) compiles PTX up to 9.0 (143 of 143 fatbins). It fails with CUDA error 222.
        Update the driver to 590.44.01 or later, or use a build with sm_90 code.
        $ sudo apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=90 && cmake --build llama.cpp/build --config Release -j 16
      warn cmake: There is no cmake. llama.cpp is built with it.
        Install cmake.
        $ sudo apt-get install -y cmake
      warn build-program: There is no ninja or make. CMake needs one of them.
        Install ninja.
        $ sudo apt-get install -y ninja-build
      warn compiler: There is no g++ or clang. llama.cpp is built with one, and nvcc needs it.
        Install g++.
        $ sudo apt-get install -y g++
      warn git: There is no git. It fetches the source of llama.cpp.
        Install git.
        $ sudo apt-get install -y git"
    `);
  });

  it('Colab before its move, with a build of CUDA 12.8: 222', async () => {
    const report = await diagnoseFixture('colab-t4-550');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: /content/llama.cpp/build/bin/llama-server does not run on Tesla T4 (7.5) (CUDA error 222). The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 8.7, and driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4 (143 of 143 fatbins).
        Use a build with sm_75 code made with CUDA toolkit 12.4.
        $ apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75 && cmake --build llama.cpp/build --config Release -j 2
      warn toolkit-driver: Toolkit 12.5.1 is newer than the driver's CUDA 12.4: its PTX is 8.5, the driver compiles up to 8.4. What it builds without machine code for this GPU gives error 222.
        Build with machine code for the GPU, which runs with this driver.
        $ cmake -B build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES="75"
      fail runtime-gpu-code: libggml-cuda.so of /content/llama.cpp/build/bin/llama-server: The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 8.7, and driver 550.54.15 (CUDA 12.4) compiles PTX up to 8.4 (143 of 143 fatbins). It fails with CUDA error 222.
        Use a build with sm_75 code made with CUDA toolkit 12.4.
        $ apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75 && cmake --build llama.cpp/build --config Release -j 2
      warn cmake: There is no cmake. llama.cpp is built with it.
        Install cmake.
        $ apt-get install -y cmake
      warn build-program: There is no ninja or make. CMake needs one of them.
        Install ninja.
        $ apt-get install -y ninja-build
      warn compiler: There is no g++ or clang. llama.cpp is built with one, and nvcc needs it.
        Install g++.
        $ apt-get install -y g++
      warn git: There is no git. It fetches the source of llama.cpp.
        Install git.
        $ apt-get install -y git
      warn ccache: There is no ccache or sccache. With 2 core(s) a build takes long, and every other one as long again.
        Install ccache.
        $ apt-get install -y ccache"
    `);
  });

  it('Colab after its move to driver 580', async () => {
    const report = await diagnoseFixture('colab-t4-580');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: /content/llama.cpp/build/bin/llama-server does not run on Tesla T4 (7.5) (CUDA error 222). The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 9.1, and driver 580.82.07 (CUDA 13.0) compiles PTX up to 9.0 (143 of 143 fatbins).
        Use a build with sm_75 code made with CUDA toolkit 13.0.
        $ apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75 && cmake --build llama.cpp/build --config Release -j 2
      fail runtime-gpu-code: libggml-cuda.so of /content/llama.cpp/build/bin/llama-server: The GPU code for Tesla T4 (7.5) is PTX (compute_75) of version 9.1, and driver 580.82.07 (CUDA 13.0) compiles PTX up to 9.0 (143 of 143 fatbins). It fails with CUDA error 222.
        Use a build with sm_75 code made with CUDA toolkit 13.0.
        $ apt-get install -y cmake make g++ git && git clone --depth 1 https://github.com/ggml-org/llama.cpp && cmake -S llama.cpp -B llama.cpp/build -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=75 && cmake --build llama.cpp/build --config Release -j 2
      warn cmake: There is no cmake. llama.cpp is built with it.
        Install cmake.
        $ apt-get install -y cmake
      warn build-program: There is no ninja or make. CMake needs one of them.
        Install ninja.
        $ apt-get install -y ninja-build
      warn compiler: There is no g++ or clang. llama.cpp is built with one, and nvcc needs it.
        Install g++.
        $ apt-get install -y g++
      warn git: There is no git. It fetches the source of llama.cpp.
        Install git.
        $ apt-get install -y git
      warn ccache: There is no ccache or sccache. With 2 core(s) a build takes long, and every other one as long again.
        Install ccache.
        $ apt-get install -y ccache"
    `);
  });

  it('Kaggle with two T4', async () => {
    const report = await diagnoseFixture('kaggle-2xt4');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "jit: /kaggle/working/bin/llama-server runs after the driver has compiled its PTX (some 14.9 s at first use) on 2 x Tesla T4 (7.5).
        Run a model, with all of its layers on the GPU.
        $ /kaggle/working/bin/llama-server -m MODEL.gguf -ngl 99"
    `);
  });

  it('WSL2', async () => {
    const report = await diagnoseFixture('wsl2');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "native: /home/user/llama.cpp/build/bin/llama-server runs natively on NVIDIA GeForce RTX 4070 (8.9).
        Run a model, with all of its layers on the GPU.
        $ /home/user/llama.cpp/build/bin/llama-server -m MODEL.gguf -ngl 99"
    `);
  });

  it('a laptop with a 940M and driver 470', async () => {
    const report = await diagnoseFixture('laptop-940m-470');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: /opt/llama/bin/llama-server does not run on NVIDIA GeForce 940M (5.0) (CUDA error 35). The file uses the CUDA 12 runtime, which is too new for driver 470.256.02 (CUDA 11.4) (143 of 143 fatbins).
        Update the driver to 550.54.14 or later, or use a build with sm_50 code made with CUDA toolkit 11.8 or older.
        $ sudo apt-get install -y nvidia-driver-580
      warn driver-cuda: Driver 470.256.02 is CUDA 11.4 and compiles PTX up to 7.4. Builds made with CUDA 12 or 13 give error 35 with it.
        Update the driver to branch 580, the last one for this GPU.
        $ sudo apt-get install -y nvidia-driver-580
      warn gpu-age: NVIDIA GeForce 940M (5.0): branch 580 is the last driver, and toolkits from 13.0 on have no code for it.
        Keep to drivers up to branch 580, and to builds made with CUDA toolkit 12.9 or older.
      fail runtime-gpu-code: libggml-cuda.so of /opt/llama/bin/llama-server: The file uses the CUDA 12 runtime, which is too new for driver 470.256.02 (CUDA 11.4) (143 of 143 fatbins). It fails with CUDA error 35.
        Update the driver to 550.54.14 or later, or use a build with sm_50 code made with CUDA toolkit 11.8 or older.
      warn nvcc: There is no CUDA compiler: llama.cpp cannot be built for the GPU here.
        Install CUDA toolkit 11.4, from NVIDIA's repository (https://developer.nvidia.com/cuda-toolkit-archive).
        $ sudo apt-get install -y cuda-toolkit-11-4
      warn cmake: There is no cmake. llama.cpp is built with it.
        Install cmake.
        $ sudo apt-get install -y cmake
      warn build-program: There is no ninja or make. CMake needs one of them.
        Install ninja.
        $ sudo apt-get install -y ninja-build
      warn compiler: There is no g++ or clang. llama.cpp is built with one, and nvcc needs it.
        Install g++.
        $ sudo apt-get install -y g++
      warn git: There is no git. It fetches the source of llama.cpp.
        Install git.
        $ sudo apt-get install -y git
      warn ccache: There is no ccache or sccache. With 4 core(s) a build takes long, and every other one as long again.
        Install ccache.
        $ sudo apt-get install -y ccache
      warn build-memory: 7.7 GB is not enough for 4 compilers of CUDA at once, of 2 GB each.
        Build with 3 at a time.
        $ cmake --build build --config Release -j 3"
    `);
  });

  it('a GeForce with cuda-compat first: 804', async () => {
    const report = await diagnoseFixture('geforce-compat-804');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: No program can use NVIDIA GeForce RTX 3090 (8.6). /usr/local/cuda/compat comes first, and cuda-compat does not support NVIDIA GeForce RTX 3090 (8.6): error 804.
        Take its folder off the library path.
        $ export LD_LIBRARY_PATH="$(printf %s "$LD_LIBRARY_PATH" | tr : '\\n' | grep -v compat | paste -sd:)"
      fail cuda-compat: /usr/local/cuda/compat comes first, and cuda-compat does not support NVIDIA GeForce RTX 3090 (8.6): error 804.
        Take its folder off the library path.
        $ export LD_LIBRARY_PATH="$(printf %s "$LD_LIBRARY_PATH" | tr : '\\n' | grep -v compat | paste -sd:)""
    `);
  });

  it('a container without the PTX compiler: 221', async () => {
    const report = await diagnoseFixture('container-no-ptx-compiler');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: /app/llama-server does not run on NVIDIA A100-SXM4-40GB (8.0) (CUDA error 221). The GPU code for NVIDIA A100-SXM4-40GB (8.0) is PTX (compute_80), and the driver's PTX compiler, libnvidia-ptxjitcompiler.so.1, is missing (143 of 143 fatbins).
        Start the container with the compute part of the driver.
        $ docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE
      fail ptx-compiler: libnvidia-ptxjitcompiler.so.1 is missing: whatever has to be compiled gives error 221.
        Start the container with the compute part of the driver.
        $ docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE
      fail runtime-gpu-code: libggml-cuda.so of /app/llama-server: The GPU code for NVIDIA A100-SXM4-40GB (8.0) is PTX (compute_80), and the driver's PTX compiler, libnvidia-ptxjitcompiler.so.1, is missing (143 of 143 fatbins). It fails with CUDA error 221.
        Start the container with the compute part of the driver.
        $ docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE
      warn cpu-cores: 4 of 12 cores may be used here; llama-server starts a thread for each of them.
        Tell it how many there are. llcuda does so by itself.
        $ llama-server -m MODEL.gguf --threads 4
      fail container-gpu: NVIDIA_DRIVER_CAPABILITIES=utility leaves out compute: CUDA is not in this container.
        Start it with compute and utility.
        $ docker run --gpus all -e NVIDIA_DRIVER_CAPABILITIES=compute,utility IMAGE"
    `);
  });

  it('a host without a GPU', async () => {
    const report = await diagnoseFixture('no-gpu');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "processor: There is no NVIDIA GPU here: models run on the processor.
        Run one.
        $ llcuda run "What is AI?"
      warn gpu-present: There is no NVIDIA GPU here: models run on the processor.
        Run on the processor, or on a machine with a GPU.
        $ llcuda run "What is AI?" --gpu off"
    `);
  });

  it('two different GPUs', async () => {
    const report = await diagnoseFixture('two-gpus');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "native: /opt/llama/bin/llama-server runs natively on NVIDIA GeForce RTX 3090 (8.6).
        Run a model, with all of its layers on the GPU.
        $ /opt/llama/bin/llama-server -m MODEL.gguf -ngl 99
      warn visible-devices: CUDA_VISIBLE_DEVICES=1: CUDA sees 1 of 2 GPUs. CUDA may number different GPUs otherwise than nvidia-smi.
        Make CUDA number them as nvidia-smi does.
        $ export CUDA_DEVICE_ORDER=PCI_BUS_ID"
    `);
  });

  it('MIG', async () => {
    const report = await diagnoseFixture('mig');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "jit: /opt/llama/bin/llama-server runs after the driver has compiled its PTX (some 14.9 s at first use) on NVIDIA A100 80GB PCIe (8.0).
        Run a model, with all of its layers on the GPU.
        $ /opt/llama/bin/llama-server -m MODEL.gguf -ngl 99"
    `);
  });

  it('a DGX Spark', async () => {
    const report = await diagnoseFixture('dgx-spark');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "native: /opt/llama/bin/llama-server runs natively on NVIDIA GB10 (12.1).
        Run a model, with all of its layers on the GPU.
        $ /opt/llama/bin/llama-server -m MODEL.gguf -ngl 99"
    `);
  });

  it('a Jetson Orin', async () => {
    const report = await diagnoseFixture('jetson-orin');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "native: /opt/llama/bin/llama-server runs natively on Orin (8.7).
        Run a model, with all of its layers on the GPU.
        $ /opt/llama/bin/llama-server -m MODEL.gguf -ngl 99"
    `);
  });

  it('nouveau', async () => {
    const report = await diagnoseFixture('nouveau');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: No program can use GeForce GTX 1660 (7.5). The GPU is driven by nouveau, which has no CUDA.
        Install NVIDIA's driver, which keeps nouveau from loading, and restart.
        $ sudo ubuntu-drivers install && sudo reboot
      fail nouveau: The GPU is driven by nouveau, which has no CUDA.
        Install NVIDIA's driver, which keeps nouveau from loading, and restart.
        $ sudo ubuntu-drivers install && sudo reboot"
    `);
  });

  it('a driver that was updated while in use: 803', async () => {
    const report = await diagnoseFixture('driver-mismatch-803');

    expect(listProblems(report)).toMatchInlineSnapshot(`
      "fail: No program can use NVIDIA A30 (8.0). CUDA gives error 803: the kernel module is of 550.144.03, the libraries are of 550.163.01.
        The driver was updated while it was in use: restart, or load its module again.
        $ sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia_uvm
      fail driver-mismatch: CUDA gives error 803: the kernel module is of 550.144.03, the libraries are of 550.163.01.
        The driver was updated while it was in use: restart, or load its module again.
        $ sudo rmmod nvidia_uvm nvidia_drm nvidia_modeset nvidia && sudo modprobe nvidia_uvm"
    `);
  });

  it('names the three copies of libcuda on the H100 host, and the one that loads', async () => {
    const { checks, host } = await diagnoseFixture('h100-driver-580');

    const libcuda = checks.find(({ id }) => id === 'libcuda');
    expect(host).toMatchInlineSnapshot(`
      {
        "cuda": "13.0",
        "driver": "580.159.04",
        "gpus": [
          {
            "capability": "9.0",
            "memoryTotalBytes": 85520809984,
            "name": "NVIDIA H100 80GB HBM3",
          },
        ],
        "system": "Ubuntu 24.04.3 LTS, x64",
      }
    `);
    expect(libcuda).toMatchInlineSnapshot(`
      {
        "detail": [
          "libcuda.so.1: /usr/local/nvidia/lib64/libcuda.so.580.159.04 (loads)",
          "libcuda.so.1: /lib/libcuda.so.580.159.04 (hidden by the first)",
          "libcuda.so.1: /usr/local/cuda/compat/libcuda.so.580.95.05 (not on the path, of cuda-compat)",
          "libcuda.so.1: /usr/local/cuda/lib64/stubs/libcuda.so.1 (not on the path, a stub)",
        ],
        "group": "cuda",
        "id": "libcuda",
        "status": "ok",
        "summary": "3 copies and a stub; /usr/local/nvidia/lib64/libcuda.so.580.159.04 loads.",
        "title": "libcuda, the user side of the driver",
      }
    `);
  });
});
