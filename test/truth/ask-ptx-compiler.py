"""Asks a driver's own libraries, without a GPU: which CUDA version it is, and whether it compiles PTX.

Input (stdin): {"libcuda": path, "compiler": path, "questions": [{"ptx": text, "gpu": "sm_75"}]}
Output: {"cuda": 12040, "compilerVersion": "8.4", "answers": [{"status": 0, "log": ""}]}
The statuses are those of nvPTXCompiler.h: 0 success, 7 unsupported PTX version.
"""

import ctypes
import json
import sys

request = json.load(sys.stdin)

version = ctypes.c_int(0)
status = ctypes.CDLL(request["libcuda"]).cuDriverGetVersion(ctypes.byref(version))
if status != 0:
    sys.exit(f"cuDriverGetVersion gave {status}")

library = ctypes.CDLL(request["compiler"])
handle_pointer = ctypes.POINTER(ctypes.c_void_p)
library.nvPTXCompilerCreate.argtypes = [handle_pointer, ctypes.c_size_t, ctypes.c_char_p]
library.nvPTXCompilerCompile.argtypes = [
    ctypes.c_void_p,
    ctypes.c_int,
    ctypes.POINTER(ctypes.c_char_p),
]
library.nvPTXCompilerDestroy.argtypes = [handle_pointer]
library.nvPTXCompilerGetErrorLogSize.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t)]
library.nvPTXCompilerGetErrorLog.argtypes = [ctypes.c_void_p, ctypes.c_char_p]


def ask(ptx, gpu):
    text = ptx.encode()
    handle = ctypes.c_void_p()
    status = library.nvPTXCompilerCreate(ctypes.byref(handle), len(text) + 1, text)
    if status != 0:
        return {"status": status, "log": "nvPTXCompilerCreate"}
    options = (ctypes.c_char_p * 1)(f"--gpu-name={gpu}".encode())
    status = library.nvPTXCompilerCompile(handle, 1, options)
    size = ctypes.c_size_t(0)
    library.nvPTXCompilerGetErrorLogSize(handle, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value + 1)
    if size.value > 0:
        library.nvPTXCompilerGetErrorLog(handle, log)
    library.nvPTXCompilerDestroy(ctypes.byref(handle))
    return {"status": status, "log": log.value.decode(errors="replace").strip()}


major, minor = ctypes.c_uint(0), ctypes.c_uint(0)
library.nvPTXCompilerGetVersion(ctypes.byref(major), ctypes.byref(minor))
answers = [ask(question["ptx"], question["gpu"]) for question in request["questions"]]
json.dump(
    {
        "cuda": version.value,
        "compilerVersion": f"{major.value}.{minor.value}",
        "answers": answers,
    },
    sys.stdout,
)
