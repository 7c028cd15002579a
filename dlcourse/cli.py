"""The command `dlcourse`: open the lessons, check them, export them, store them anew."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from collections.abc import Callable, Sequence
from pathlib import Path

import dlcourse
from dlcourse import notebooks
from dlcourse.errors import CourseError

FIRST = "00_start_here.ipynb"
MANIFEST = ".dlcourse.json"  # what was copied into a learner's folder: name -> SHA-256
DEFAULT_FOLDER = "my_lessons"
CONNECTION = "dlcourse.server.PromptConnection"  # frames of a widget come 30 ms sooner

EXAMPLES = """examples:
  dlcourse lab                     copy the lessons to ./my_lessons and open lesson 00 in JupyterLab
  dlcourse lab ~/course --port 9000
  dlcourse check                   run every lesson and compare with its stored results
  dlcourse check 02 backpropagation
  dlcourse export 02 --to pages    a page of HTML, to be read without JupyterLab
  dlcourse refresh 05              for authors: execute a lesson and store its results
"""


class UserError(CourseError):
    """Something that the person at the keyboard can put right: a message, exit code 2, no traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Exit code 0: done; 1: a lesson differs or fails; 2: the command could not be carried out."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except notebooks.LessonFailed as error:
        print(f"dlcourse: {error}", file=sys.stderr)
        return 1
    except (UserError, OSError) as error:
        print(f"dlcourse: {_words(error, run)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("dlcourse: stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dlcourse",
        description="A deep-learning course one can take apart.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dlcourse {dlcourse.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="lab | check | export | refresh", required=True)

    lab = commands.add_parser("lab", help="copy the lessons to your own folder and open JupyterLab on lesson 00")
    lab.add_argument("folder", nargs="?", default=DEFAULT_FOLDER, help=f"your folder (default: {DEFAULT_FOLDER})")
    lab.add_argument("--no-browser", action="store_true", help="start the server and print its address only")
    lab.add_argument("--port", type=_port, help="port of the server (default: the first free one from 8888)")
    lab.set_defaults(run=_lab)

    check = commands.add_parser("check", help="run the installed lessons and say what differs from the stored results")
    check.add_argument("lesson", nargs="*", help="number, name or path of a lesson (default: all)")
    check.set_defaults(run=_check)

    export = commands.add_parser(
        "export", help="write lessons as HTML pages, with a text alternative for every picture"
    )
    export.add_argument("lesson", nargs="*", help="number, name or path of a lesson (default: all)")
    export.add_argument("--to", default=".", metavar="FOLDER", help="where to write them (default: here)")
    export.set_defaults(run=_export)

    refresh = commands.add_parser("refresh", help="for authors: execute lessons and store their results")
    refresh.add_argument("lesson", nargs="*", help="number, name or path of a lesson (default: all)")
    refresh.set_defaults(run=_refresh)
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; choose a number from 1024 to 65535")


def _words(error: BaseException, run: Callable[..., int]) -> str:
    """A mistake of the file system in a sentence, with what the command would be elsewhere."""
    command, usual = ("dlcourse export --to", "pages") if run is _export else ("dlcourse lab", DEFAULT_FOLDER)
    if isinstance(error, PermissionError) and run is not _refresh:
        return f"{error.filename}: you may not write there. Choose another folder, for example: {command} ~/{usual}"
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return f"{error.filename} is a file, not a folder. Choose another name: {command} FOLDER"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


# ---------------------------------------------------------------------------------------------------------------- lab


def _lab(options: argparse.Namespace) -> int:
    _need("jupyterlab", "JupyterLab")
    folder = Path(options.folder).expanduser().resolve()
    if options.port is not None:
        _need_free(options.port)
    for line in copy_lessons(notebooks.folder(), folder):
        print(line)
    print(f"Your lessons are in {folder}", flush=True)
    command = lab_command(folder, options.port, not options.no_browser)
    return _wait(subprocess.Popen(command, env=notebooks.one_thread(), cwd=folder))


def _wait(server: subprocess.Popen[bytes]) -> int:
    """Wait until the server ends. Whoever terminates this command terminates the server with it."""
    before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # JupyterLab got the same Ctrl-C and asks whether to stop
                continue
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def lab_command(folder: Path, port: int | None, browser: bool) -> list[str]:
    """How JupyterLab is started on lesson 00."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    command.append(f"--LabApp.default_url=/lab/tree/{FIRST}")
    command.append(f"--ServerApp.kernel_websocket_connection_class={CONNECTION}")
    if not browser:
        command.append("--no-browser")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container everybody is root; the server listens on this machine only
    return command


def copy_lessons(source: Path, folder: Path) -> list[str]:
    """Copy the lessons into a learner's folder, never over a file that the learner has changed.

    Returns
    -------
    list of str
        What was done, in sentences; nothing for a file that is up to date.
    """
    found = [path for path in sorted(source.rglob("*")) if path.is_file() and not _hidden(path.relative_to(source))]
    if not any(path.suffix == ".ipynb" for path in found):
        raise UserError(
            f"no lessons in {source}. Install the package again: python -m pip install --force-reinstall dlcourse"
        )
    folder.mkdir(parents=True, exist_ok=True)
    copied = _read_manifest(folder)
    said, new = [], 0
    try:
        for path in found:
            name = path.relative_to(source).as_posix()
            content = path.read_bytes()
            sentence = _copy(folder, name, content, copied)
            if sentence == "new":
                new += 1
            elif sentence:
                said.append(sentence)
    finally:
        (folder / MANIFEST).write_text(json.dumps(copied, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return ([f"{new} {'file' if new == 1 else 'files'} copied."] if new else []) + said


def _copy(folder: Path, name: str, content: bytes, copied: dict[str, str]) -> str:
    """Copy one file; a sentence about it, "new", or nothing."""
    target, fresh = folder / name, _digest(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        target.write_bytes(content)
        copied[name] = fresh
        return "new"
    present = _digest(target.read_bytes())
    if present == fresh:
        copied[name] = fresh
        return ""
    if present == copied.get(name):
        target.write_bytes(content)
        copied[name] = fresh
        return f"{name}: a newer version replaced the one you had not changed."
    if copied.get(name) == fresh:
        return ""  # the learner's version of the newest lesson
    beside = _beside(folder, name, fresh, copied)
    (folder / beside).write_bytes(content)
    copied[name] = copied[beside] = fresh
    return f"{name}: you have changed it, so your version stays. The new version is beside it: {beside}"


def _beside(folder: Path, name: str, fresh: str, copied: dict[str, str]) -> str:
    """A name for the new version that takes nothing of the learner's: NAME.new.ipynb, NAME.new2.ipynb, …"""
    stem, dot, kind = name.rpartition(".")
    count = 1
    while True:
        beside = f"{stem}.new{count if count > 1 else ''}{dot}{kind}"
        target = folder / beside
        if not target.exists() or _digest(target.read_bytes()) in (fresh, copied.get(beside)):
            return beside
        count += 1


def _read_manifest(folder: Path) -> dict[str, str]:
    """What was copied before. A lost or broken list means: everything here is the learner's."""
    try:
        copied = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # ValueError: not JSON, or not UTF-8
        return {}
    return {str(name): str(digest) for name, digest in copied.items()} if isinstance(copied, dict) else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__")) for part in path.parts)


def _need(module: str, name: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise UserError(f"{name} is not installed. Install it with: {sys.executable} -m pip install {module}")


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


# -------------------------------------------------------------------------------------------------------------- check


def _find(names: Sequence[str]) -> list[Path]:
    """The lessons that were asked for: by number, by name, by path; all if none was named."""
    known = notebooks.lessons()
    if not names:
        if not known:
            raise UserError(f"no lessons in {notebooks.folder()}.")
        return known
    return [_find_one(name, known) for name in names]


def _find_one(name: str, known: Sequence[Path]) -> Path:
    path = Path(name)
    if path.suffix == ".ipynb" and path.is_file():
        if not _is_notebook(path):
            raise UserError(f"{name} is not a notebook, or it is damaged.")
        return path.resolve()
    wanted = path.name.removesuffix(".ipynb")
    for lesson in known:
        number, _, title = lesson.stem.partition("_")
        if wanted in (lesson.stem, title, number) or (wanted.isdecimal() and int(wanted) == int(number)):
            return lesson
    listed = "\n".join(f"  {lesson.stem}" for lesson in known) or "  (none)"
    raise UserError(f"there is no lesson {name!r}. The lessons are:\n{listed}")


def _is_notebook(path: Path) -> bool:
    import nbformat

    try:
        nbformat.validate(nbformat.read(path, as_version=4))  # type: ignore[no-untyped-call]
    except (ValueError, nbformat.ValidationError):
        return False
    return True


def _check(options: argparse.Namespace) -> int:
    _need("nbval", "nbval")
    failed = 0
    for lesson in _find(options.lesson):
        differences = differing_cells(lesson)
        failed += bool(differences)
        count = len(differences)
        print(
            f"{lesson.stem}: {'as stored' if not count else '1 cell differs' if count == 1 else f'{count} cells differ'}"
        )
        for sentence in differences:
            print(f"  {sentence}")
    return 1 if failed else 0


def differing_cells(lesson: Path) -> list[str]:
    """Run a lesson with nbval, in a copy, and say in words which cells do not give what is stored."""
    import shutil

    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        (work / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # no settings of a surrounding project
        shutil.copy(lesson, work / lesson.name)
        if (lesson.parent / "images").is_dir():
            shutil.copytree(lesson.parent / "images", work / "images")
        report = work / "report.xml"
        command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
        command += ["-c", "pytest.ini", "--rootdir", ".", f"--junitxml={report.name}", lesson.name]
        done = subprocess.run(
            command, cwd=work, env=notebooks.one_thread(), capture_output=True, text=True, check=False
        )
        if not report.is_file():
            raise UserError(f"nbval did not run: {(done.stdout + done.stderr).strip()[-400:]}")
        return _differences(xml.parse(report))


def _differences(report: xml.ElementTree[xml.Element]) -> list[str]:
    """What nbval found, in words: the cell, what is stored, what it gives now."""
    said = []
    for case in report.iter("testcase"):
        for failure in (*case.iter("failure"), *case.iter("error")):
            text = re.sub(r"(\x1b|#x1B)\[[0-9;]*m", "", failure.text or failure.get("message") or "")
            said.append(f"{case.get('name')}:\n" + "\n".join(_readable(text)))
    return said


# The frame that nbval puts around a report.
_FRAME = re.compile(
    r"Notebook cell execution failed|Cell \d+: Cell |Input:|Traceback:|[>-]{10,}| *assert reference_output| *['\"].* == ['\"]"
)


# The calls of a traceback: from its head to the line that begins with the error's name again.
_CALLS = re.compile(r"^(\w+) +Traceback \(most recent call last\)\n(?:(?!\1\b).*\n)*", re.MULTILINE)


def _readable(text: str) -> list[str]:
    """A report of nbval without its frame and the calls of a traceback: + and - become “stored” and “now”."""
    lines = []
    for line in filter(str.strip, _CALLS.sub("", text).splitlines()):
        if _FRAME.match(line):
            continue
        line = re.sub(r"<{10,} ?Reference outputs from ipynb file:", "\n    stored:", line)
        line = re.sub(r"=+ disagrees with newly computed \(test\) output:", "now:", line)
        line = re.sub(r"^ *\+ ", "stored: ", line)
        line = re.sub(r"^ *- ", "now:    ", line)
        lines.append(f"    {line}")
    return lines


# --------------------------------------------------------------------------------------------------- export and refresh


def _export(options: argparse.Namespace) -> int:
    _need("nbconvert", "nbconvert")
    folder = Path(options.to).expanduser().resolve()
    found = _find(options.lesson)
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in found:
        page = folder / f"{lesson.stem}.html"
        page.write_text(notebooks.export(lesson), encoding="utf-8")
        print(page, flush=True)
    return 0


def _refresh(options: argparse.Namespace) -> int:
    for lesson in _find(options.lesson):
        if (Path(notebooks.__file__).parent / "_lessons") in lesson.parents:
            raise UserError(
                "refresh writes into the lessons of a clone; these are the installed ones. Give a path instead."
            )
        changed = notebooks.refresh(lesson)
        print(f"{lesson.name}: {'stored' if changed else 'unchanged'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
