"""A real JupyterLab."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from dlcourse.cli.lab import CONNECTION


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyter_lab(
    folder: Path,
    windowing: str = "none",
    theme: str = "JupyterLab Light",
    application: str = "jupyterlab",
    prefix: str = "",
    forked: bool = False,
):
    """JupyterLab, or another application of Jupyter's, on 127.0.0.1 with its own settings; yields its address, and ends it by its process id.

    With ``windowing="none"`` all cells are in the page, also those out of sight. With a prefix such as "/user/somebody" all
    its addresses begin with it, as a hub has it. With ``forked`` its kernels are forked from one process, which has imported
    the library already.
    """
    port = free_port()
    private = folder / ".jupyter-private"
    settings = private / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    (settings / "themes.jupyterlab-settings").write_text(f'{{"theme": "{theme}"}}')
    tracker = private / "settings" / "@jupyterlab" / "notebook-extension"
    tracker.mkdir(parents=True, exist_ok=True)
    (tracker / "tracker.jupyterlab-settings").write_text(f'{{"windowingMode": "{windowing}"}}')
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
        "IPYTHONDIR": str(private / "ipython"),
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # else every kernel would compile the library again
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1] / "live"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [
        sys.executable, "-m", application, "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root",
        f"--ServerApp.root_dir={folder}", f"--ServerApp.base_url={prefix}/", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True",
        f"--ServerApp.kernel_websocket_connection_class={CONNECTION}",
    ]  # fmt: skip
    with contextlib.ExitStack() as stack, (folder / "jupyterlab.log").open("wb") as log:
        if forked and hasattr(os, "fork"):  # what JUPYTER_PATH names goes before the kernels of this environment
            environment["JUPYTER_PATH"] = os.pathsep.join(
                [str(private / "forked"), environment.get("JUPYTER_PATH", "")]
            )
            stack.enter_context(_forked_kernels(private / "forked", environment, log))
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}{prefix}"
            _wait_for(address + "/api", server)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@contextlib.contextmanager
def _forked_kernels(folder: Path, environment: dict[str, str], log):
    """Describe kernels in this folder that are forks of one process, which ends when the block does."""
    program = Path(__file__).with_name("forked_kernels.py")
    with tempfile.TemporaryDirectory() as place:  # the address of a socket must be short
        address = f"{place}/kernels"
        server = subprocess.Popen([sys.executable, program, "serve", address], env=environment, stdout=log, stderr=log)
        spec = {
            "argv": [sys.executable, "-SE", str(program), "start", address, "-f", "{connection_file}"],
            "display_name": "Python 3 (ipykernel)", "language": "python", "metadata": {"debugger": True},
        }  # fmt: skip
        kind = folder / "kernels" / "python3"
        kind.mkdir(parents=True)
        (kind / "kernel.json").write_text(json.dumps(spec))
        try:
            deadline = time.monotonic() + 60
            while not os.path.exists(address):
                assert server.poll() is None and time.monotonic() < deadline, "the kernels' own process does not answer"
                time.sleep(0.05)
            yield
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "JupyterLab ended before it answered"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError("JupyterLab did not answer in 60 s")


def end_kernels(address: str) -> None:
    """End all kernels of this server."""
    kernels = f"{address}/api/kernels"
    with urllib.request.urlopen(kernels, timeout=20) as answer:
        ids = [kernel["id"] for kernel in json.load(answer)]
    for kernel in ids:
        urllib.request.urlopen(urllib.request.Request(f"{kernels}/{kernel}", method="DELETE"), timeout=20).close()
