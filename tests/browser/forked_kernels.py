"""Kernels that are forked from one process, which has imported what each of them would import.

A kernel with a Python of its own needs seconds of a processor before its first cell is done, nearly all of them for
imports, and a hundred tests start one each. A forked one is as fresh: no cell has run in it, and nothing of another test
is in it.

python forked_kernels.py serve SOCKET                      imports, and forks a kernel for each that asks
python -SE forked_kernels.py start SOCKET -f CONNECTION    what Jupyter starts: it asks for a kernel, and stands for it
"""

import json
import os
import signal
import socket
import sys

IMPORTED = (
    "ipykernel.kernelapp", "matplotlib.figure", "matplotlib.backends.backend_agg",
    "sklearn.datasets", "dlcourse.live.jupyter", "dlcourse.widgets",
)  # fmt: skip


def start(address: str, arguments: list[str]) -> int:
    """Ask for a kernel with our environment, folder and files; hand signals on to it; end when it ends."""
    request = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
        socket.send_fds(line, [b"."], [1, 2])
        line.sendall(json.dumps(request).encode() + b"\n")
        kernel = int.from_bytes(line.recv(4), "big")
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda number, _: os.kill(kernel, number))
        return int.from_bytes(line.recv(4), "big")  # nothing comes if the other side is gone: 0


def serve(address: str) -> None:
    """Import, then fork until somebody ends this process. Where a stand-in is gone, its kernel goes, too."""
    import gc
    import selectors

    del sys.path[0]  # this folder: other kernels do not have it
    load()
    gc.collect()
    gc.freeze()
    lines: dict[int, socket.socket] = {}
    door = socket.socket(socket.AF_UNIX)
    door.bind(address)
    door.listen()
    with selectors.DefaultSelector() as selector:
        selector.register(door, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select(0.1 if lines else None):
                if key.fileobj is door:
                    line, _ = door.accept()
                    kernel = fork(line, [door, *lines.values()])
                    selector.register(line, selectors.EVENT_READ, kernel)
                    lines[kernel] = line
                else:  # a stand-in says nothing more: it has been killed
                    selector.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGKILL)
            while lines and (ended := os.waitpid(-1, os.WNOHANG))[0]:
                line = lines.pop(ended[0])
                if any(key.fileobj is line for key in selector.get_map().values()):
                    selector.unregister(line)
                    line.sendall((os.waitstatus_to_exitcode(ended[1]) % 256).to_bytes(4, "big"))
                line.close()


def load() -> None:
    """Import what a kernel imports before it runs a cell, and what the cells of the lessons import."""
    import importlib

    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # Matplotlib reads it when it is imported
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # and so does ipykernel: a kernel ends when its parent has ended
    for name in IMPORTED:
        importlib.import_module(name)
    assert sys.modules["dlcourse.widgets"].ALL  # to ask for them is to import them


def fork(line: socket.socket, others: list[socket.socket]) -> int:
    """A kernel for whoever is on the line; its process id."""
    _, files, _, _ = socket.recv_fds(line, 1, 2)
    with line.makefile("rb") as stream:
        request = json.loads(stream.readline())
    parent = os.getpid()
    kernel = os.fork()
    if kernel:
        for file in files:
            os.close(file)
        line.sendall(kernel.to_bytes(4, "big"))
        return kernel
    for other in (line, *others):
        other.close()
    os.setsid()
    for number, file in enumerate(files, start=1):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"] | {"JPY_PARENT_PID": str(parent)})
    run(request["arguments"])
    raise AssertionError("a kernel that has ended does not come back")


def run(arguments: list[str]) -> None:
    """Be a kernel, as `python -m ipykernel_launcher` is one."""
    import ipywidgets
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()  # noqa: NPY002 - else all kernels began with the state that NumPy got when it was imported
    kernel = IPKernelApp.instance()
    kernel.initialize(arguments)
    ipywidgets.register_comm_target()  # it does so where it is imported in a kernel
    kernel.start()
    sys.exit()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        sys.exit(start(sys.argv[2], sys.argv[3:]))
