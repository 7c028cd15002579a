"""`dlcourse lab`: copy the lessons to the learner's folder and open JupyterLab there."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from dlcourse import files, notebooks
from dlcourse.cli.arguments import LAB, UserError, need
from dlcourse.cli.copying import ELSEWHERE, copy_lessons

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

FIRST = "00_start_here.ipynb"
DEFAULT_FOLDER = "my_lessons"
PATHS = ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH")  # where Jupyter looks for settings, and for extensions of its page
JUPYTER = Path(__file__).parent / "jupyter"  # what JupyterLab is given: both of these, and how its window begins
LAYOUTS = ".jupyterlab"  # where a learner's folder keeps how its window looks
LAYOUT = "default-37a8.jupyterlab-workspace"  # the name that JupyterLab gives to its workspace "default"
ENDS_IN = 15
"""So many seconds the server has for its end: where a page asks for something at that moment, a thread of it may never end."""
CONNECTION = "dlcourse.server.PromptConnection"  # frames of a widget come 30 ms sooner


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser("lab", help="copy the lessons to your own folder and open JupyterLab on lesson 00")
    command.add_argument("folder", nargs="?", default=DEFAULT_FOLDER, help=f"your folder (default: {DEFAULT_FOLDER})")
    command.add_argument("--no-browser", action="store_true", help="start the server and print its address only")
    command.add_argument("--port", type=_port, help="port of the server (default: the first free one from 8888)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Copy the lessons, start JupyterLab, and wait until it ends."""
    need("jupyterlab", "JupyterLab", LAB)
    folder = Path(files.expanded("lab", options.folder, DEFAULT_FOLDER)).resolve()
    if options.port is not None:
        _need_free(options.port)
    for line in copy_lessons(notebooks.folder(), folder):
        print(line)
    begin_with_contents(folder)
    print(f"Your lessons are in {folder}", flush=True)
    command = lab_command(folder, options.port, not options.no_browser)
    return _wait(subprocess.Popen(command, env=environment(), cwd=folder))


def environment() -> dict[str, str]:
    """What JupyterLab and its kernels find: one BLAS thread, settings that ask the learner nothing, and what its page needs.

    They are defaults: what somebody has chosen in their own JupyterLab stays.
    """
    kept = notebooks.one_thread()
    return kept | {name: os.pathsep.join([str(JUPYTER), *filter(None, [kept.get(name)])]) for name in PATHS}


def begin_with_contents(folder: Path) -> None:
    """Lay out the first window of a folder: the lesson's table of contents is open at the left.

    It is a workspace of JupyterLab's, kept in the folder itself: how a learner then arranges the window stays, and nothing
    changes in the JupyterLab that they use for other work.
    """
    layout = folder / LAYOUTS / LAYOUT
    if not layout.exists():
        files.make_folder("lab", layout.parent, elsewhere=ELSEWHERE)
        files.write("lab", layout, (JUPYTER / "default.jupyterlab-workspace").read_bytes(), elsewhere=ELSEWHERE)


def lab_command(folder: Path, port: int | None, browser: bool) -> list[str]:
    """How JupyterLab is started on lesson 00."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    command.append(f"--LabApp.default_url=/lab/tree/{FIRST}")
    command.append(f"--LabApp.workspaces_dir={folder / LAYOUTS}")
    command.append(f"--ServerApp.kernel_websocket_connection_class={CONNECTION}")
    if not browser:
        command.append("--no-browser")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container everybody is root; the server listens on this machine only
    return command


def _wait(server: subprocess.Popen[bytes]) -> int:
    """Wait until the server ends. Whoever terminates this command terminates the server with it, by force if it hangs."""

    def end(*_: object) -> None:
        server.terminate()
        late = threading.Timer(ENDS_IN, server.kill)
        late.daemon = True
        late.start()

    before = signal.signal(signal.SIGTERM, end)
    try:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # JupyterLab got the same Ctrl-C and asks whether to stop
                continue
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; choose a number from 1024 to 65535")


def _need_free(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":  # else a server that has just ended would count as running
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise UserError(
                f"port {port} is reserved for the system. Choose one above 1023: dlcourse lab --port 8889"
            ) from error
        except OSError as error:
            raise UserError(
                f"port {port} is taken, perhaps by another JupyterLab. Stop that one, or choose another port: "
                f"dlcourse lab --port {port + 1 if port < 65535 else 8889}"
            ) from error
