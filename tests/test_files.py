"""Files in and out: whole or not at all, with the right permissions, and every refusal in words."""

from __future__ import annotations

import ast
import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import files
from dlcourse.errors import CourseError, FileAccessError, MissingFileError, NoPermissionError, WrongTypeError

PACKAGE = Path(dl.__file__).parent
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
as_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become another user")


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def in_a_child(run):
    """Run a function in a child process; what it returned as text, or its error in one line."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            said = str(run())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


def as_nobody(run):
    def other():
        os.setgid(65534)
        os.setuid(65534)
        return run()

    return in_a_child(other)


@pytest.fixture
def shared():
    """A folder that other users can look into, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


# ------------------------------------------------------------------------------------- permissions, owners, links, ~


@posix
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o027, 0o077])
def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path, umask):
    before = os.umask(umask)
    try:
        (tmp_path / "plain").write_bytes(b"")
        files.write("save", tmp_path / "ours", b"1")
    finally:
        os.umask(before)
    assert mode(tmp_path / "ours") == mode(tmp_path / "plain") == 0o666 & ~umask


@posix
@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o664, 0o666, 0o755, 0o2664])
def test_a_file_that_was_there_keeps_its_permissions(tmp_path, permissions):
    path = tmp_path / "w"
    path.write_bytes(b"old")
    path.chmod(permissions)
    files.write("save", path, b"new")
    assert path.read_bytes() == b"new" and mode(path) == permissions


@posix
@pytest.mark.parametrize("permissions", [0o600, 0o640, 0o660])
def test_what_was_private_can_be_read_by_nobody_else_at_any_moment(tmp_path, monkeypatch, permissions):
    path = tmp_path / "w"
    path.write_bytes(b"old")
    path.chmod(permissions)
    looked = []

    def look(_, real=os.fsync):
        looked.extend(mode(tmp_path / name) for name in names(tmp_path))
        return real(_)

    monkeypatch.setattr(os, "fsync", look)
    files.write("save", path, b"new")
    assert len(looked) == 2 and not any(each & ~permissions for each in looked) and mode(path) == permissions


@posix
def test_a_pipe_gets_all_of_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    content, heard = os.urandom(3_000_000), []
    reader = threading.Thread(target=lambda: heard.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    files.write("save", tmp_path / "pipe", content)
    reader.join(30)
    assert heard == [content] and stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode) and names(tmp_path) == ["pipe"]


@as_root
def test_a_file_that_was_there_keeps_its_owner_and_its_group(tmp_path):
    path = tmp_path / "w"
    path.write_bytes(b"old")
    os.chown(path, 1234, 4321)
    path.chmod(0o640)
    files.write("save", path, b"new")
    assert (path.stat().st_uid, path.stat().st_gid, mode(path)) == (1234, 4321, 0o640)


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path, there):
    (tmp_path / "disk").mkdir()
    target, link, second = tmp_path / "disk" / "w-1", tmp_path / "latest", tmp_path / "best"
    if there:
        target.write_bytes(b"old")
    link.symlink_to(Path("disk") / "w-1")
    second.symlink_to(link)
    files.write("save", second, b"new")
    assert second.is_symlink() and link.is_symlink() and not target.is_symlink()
    assert target.read_bytes() == b"new" == files.read("load", second)
    assert names(tmp_path) == ["best", "disk", "latest"] and names(tmp_path / "disk") == ["w-1"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has these devices")
def test_a_device_is_written_and_not_replaced():
    files.write("save", "/dev/null", b"numbers")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(FileAccessError, match="the disk is full, '/dev/full' does not fit on it"):
        files.write("save", "/dev/full", b"numbers")
    with pytest.raises(MissingFileError):  # it would never end
        files.read("load", "/dev/zero")


def test_every_path_that_the_library_takes_may_begin_with_the_home_folder(tmp_path, monkeypatch):
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir(), elsewhere.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.chdir(elsewhere)
    model, other = (dl.Dense(2, 1, rng=np.random.default_rng(seed)) for seed in (0, 1))
    dl.save(model, "~/line.safetensors")
    dl.load(other, Path("~/line.safetensors"))
    np.testing.assert_array_equal(model.weight.data, other.weight.data)
    assert files.make_folder("lab", "~/a/b") == os.path.join(str(home), "a/b")
    with pytest.raises(MissingFileError, match="home"):
        dl.load(model, "~/nothing.safetensors")
    with pytest.raises(MissingFileError, match="home"):
        dl.save(model, "~/no/line.safetensors")
    assert names(home) == ["a", "line.safetensors"] and names(elsewhere) == []


# ------------------------------------------------------------------------------------------ whole, or not at all


@posix
@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_who_is_killed_leaves_the_old_file_and_one_with_a_name_that_tells(tmp_path, step):
    path = tmp_path / "w.safetensors"
    files.write("save", path, b"old")

    def killed():
        def die(*_):
            os.kill(os.getpid(), signal.SIGKILL)

        if step == "write":
            opened = os.fdopen
            os.fdopen = lambda handle, mode: die(opened(handle, mode).write(b"ne"))
        else:
            setattr(os, step, die)
        files.write("save", path, b"new")

    for _ in range(5):
        assert in_a_child(killed) == ""
        assert path.read_bytes() == b"old" and names(tmp_path) == [".w.safetensors.partial", "w.safetensors"]
    files.write("save", path, b"newer")
    assert path.read_bytes() == b"newer" and names(tmp_path) == ["w.safetensors"]


@posix
def test_two_who_write_at_once_do_not_mix(tmp_path):
    path = tmp_path / "w"
    contents = [bytes([65 + i]) * 200_000 for i in range(4)]
    files.write("save", path, contents[0])

    def writes(content):
        for _ in range(40):
            files.write("save", path, content)
        return "done"

    children = []
    for content in contents:
        child = os.fork()
        if child == 0:
            os._exit(0 if writes(content) == "done" else 1)
        children.append(child)
    for _ in range(300):
        assert files.read("load", path) in contents
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0, 0]
    assert names(tmp_path) == ["w"] and path.read_bytes() in contents


def test_where_files_cannot_be_locked_only_one_that_rests_is_taken_for_abandoned(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "locked", lambda handle: None)
    left = tmp_path / ".w.partial"
    left.write_bytes(b"of somebody who may still be writing")
    files.write("save", tmp_path / "w", b"1")
    assert names(tmp_path) == [".w.partial", "w"]
    os.utime(left, (0, 0))
    files.write("save", tmp_path / "w", b"2")
    assert names(tmp_path) == ["w"]


def test_a_name_of_the_longest_kind_can_be_written(tmp_path):
    for name in ("w" * 255, "ä" * 127):
        files.write("save", tmp_path / name, b"1")
        assert (tmp_path / name).read_bytes() == b"1"


@pytest.mark.parametrize("step", ["open", "fdopen", "fsync", "replace", "chmod"])
def test_an_interrupt_at_any_step_leaves_the_old_file_alone(tmp_path, monkeypatch, step):
    path = tmp_path / "w"
    path.write_bytes(b"old")
    path.chmod(0o640)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            files.write("save", path, b"new")
    assert path.read_bytes() == b"old" and [name for name in names(tmp_path) if name != "w"] in ([], [".w.partial"])
    files.write("save", path, b"new")
    assert path.read_bytes() == b"new" and names(tmp_path) == ["w"]


# ------------------------------------------------------------------------------------------------ refusals, in words


CODES = sorted(errno.errorcode)
OWNER = {"write": "save", "read": "load", "make": "lab"}
STEPS = {"write": ("open", "fsync", "replace", "stat"), "read": ("stat",), "make": ("mkdir",)}


def call(doing, path):
    return {
        "write": lambda: files.write("save", path, b"new"),
        "read": lambda: files.read("load", path),
        "make": lambda: files.make_folder("lab", path),
    }[doing]()


@pytest.mark.parametrize(("doing", "step"), [(doing, step) for doing, steps in STEPS.items() for step in steps])
def test_whatever_the_system_answers_becomes_a_sentence(tmp_path, monkeypatch, doing, step):
    """Every code that the system knows, at every step."""
    path = tmp_path / ("new" if doing == "make" else "w")
    if doing != "make":
        path.write_bytes(b"old")
    real = getattr(os, step)
    for code in CODES:

        def refuse(place, *arguments, _code=code, **settings):
            if step == "stat" and Path(str(place)).name not in ("w", "new"):
                return real(place, *arguments, **settings)
            raise OSError(_code, os.strerror(_code), str(place))

        monkeypatch.setattr(os, step, refuse)
        try:
            call(doing, path)
        except CourseError as error:
            text = str(error)
            assert isinstance(error, OSError), code
            assert text.startswith(f"{OWNER[doing]}: ") and text.endswith((".", "?"))
            assert str(tmp_path) in text or "is too long" in text, text
            assert error.__cause__ is None and error.__suppress_context__
            assert isinstance(error, PermissionError) == (code in (errno.EACCES, errno.EPERM, errno.EROFS))
        else:
            assert step == "stat" and code == errno.ENOENT and doing == "write"  # then it is a new file
            path.write_bytes(b"old")
        monkeypatch.undo()
        assert not [name for name in names(tmp_path) if "partial" in name], errno.errorcode[code]
        if doing != "make":
            assert path.read_bytes() == b"old"


def test_a_full_disk_is_said_and_nothing_changes(tmp_path, monkeypatch):
    model, path = dl.Dense(2, 1, rng=np.random.default_rng(0)), tmp_path / "w"
    dl.save(model, path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        FileAccessError, match=r"^save: the disk is full, '.*w' does not fit on it. What was there under this"
    ):
        dl.save(model, path)
    assert path.read_bytes() == before and names(tmp_path) == ["w"]


class Odd:
    """A path of one's own that gives something else."""

    def __fspath__(self):
        return 3


@pytest.mark.parametrize("taker", [dl.save, dl.load])
@pytest.mark.parametrize(
    ("path", "error", "text"),
    [
        (
            "a\ud800.safetensors",
            FileAccessError,
            r"letter 2 of the path cannot stand in a name of a file, for the system writes names in",
        ),
        (
            "a/" * 5000 + "b",
            FileAccessError,
            "the path that begins with 'a/a/a/a/a/a/a/a/a/a/' is too long, 10001 letters",
        ),
        ("a" * 300, FileAccessError, "the name that begins with 'aaaaaaaaaaaaaaaaaaaa' is too long, 300 letters"),
        (Odd(), WrongTypeError, "the path is text"),
        (b"a.safetensors", WrongTypeError, "the path is text"),
    ],
    ids=["a lone surrogate", "a long path", "a long name", "an odd path", "bytes"],
)
@posix
def test_names_that_no_file_can_have(taker, path, error, text):
    with pytest.raises(error, match=rf"^{taker.__name__}: {text}"):
        taker(dl.Dense(2, 1, rng=np.random.default_rng(0)), path)


@posix
def test_names_where_the_system_writes_ascii_only(tmp_path):
    code = (
        "import numpy as np, dlcourse as dl\n"
        "for do in (dl.save, dl.load):\n"
        "    try: do(dl.Dense(2, 1, rng=np.random.default_rng(0)), '\\u00e9.safetensors')\n"
        "    except dl.errors.FileAccessError as error: print(error)\n"
    )
    settings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | settings, cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.stdout.count("cannot stand in a name of a file, for the system writes names in ascii") == 2, ran.stderr


@posix
def test_what_is_there_and_no_file_is_called_what_it_is(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, kind in ((tmp_path / "pipe", "a pipe"), (os.devnull, "a pipe, a device"), (tmp_path, "a folder")):
        with pytest.raises(MissingFileError, match=f"is {kind}.*, not a file"):
            files.read("load", name)
    if Path("/proc").is_dir():
        with pytest.raises(FileAccessError, match="the system did not write '/proc/new'"):
            files.write("save", "/proc/new", b"")


@posix
def test_a_link_in_a_circle(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for doing in ("read", "write"):
        with pytest.raises(FileAccessError, match="a' is a link that leads back to itself"):
            call(doing, tmp_path / "a")
    assert (tmp_path / "a").is_symlink()


@as_root
def test_another_user_is_told_what_is_not_allowed(shared):
    model = dl.Dense(2, 1, rng=np.random.default_rng(0))
    public, private, closed = shared / "public", shared / "private", shared / "closed"
    dl.save(model, public)
    dl.save(model, private)
    private.chmod(0o600)
    closed.mkdir(0o700)
    dl.save(model, closed / "w")
    said = as_nobody(lambda: dl.load(model, public))
    assert said == "None"
    said = as_nobody(lambda: dl.load(model, private))
    assert said == (
        f"NoPermissionError: load: you may not read '{private}', its permissions are -rw-------. Its owner can let everybody "
        "read it: chmod a+r, and a+x for the folders that it lies in."
    )
    said = as_nobody(lambda: dl.load(model, closed / "w"))
    assert said.startswith(f"NoPermissionError: load: you may not look into the folder '{closed}'. Its owner can")
    said = as_nobody(lambda: dl.save(model, closed / "w"))
    assert said.startswith(
        f"NoPermissionError: save: you may not write into the folder '{closed}'. Choose another place"
    )
    said = as_nobody(lambda: dl.save(model, shared / "mine"))
    assert said == (
        f"NoPermissionError: save: you may not write into the folder '{shared}'. Choose another place, for example in your "
        "home folder: ~/mine."
    )
    said = as_nobody(lambda: dl.save(model, public))
    assert said.startswith(
        f"NoPermissionError: save: you may not change '{public}', its permissions are -rw-r--r--. Choose"
    )
    said = as_nobody(lambda: files.make_folder("lab", shared / "mine", elsewhere="dlcourse lab ~/mine"))
    assert said == f"NoPermissionError: lab: {shared / 'mine'}: you may not write there. dlcourse lab ~/mine"


@as_root
def test_a_file_that_is_protected_in_a_folder_that_is_not_stays(shared):
    shared.chmod(0o777)
    path = shared / "w"
    path.write_bytes(b"keep me")
    path.chmod(0o444)
    os.chown(path, 65534, 65534)
    said = as_nobody(lambda: files.write("save", path, b"new"))
    assert said.startswith(f"NoPermissionError: save: you may not change '{path}', its permissions are -r--r--r--.")
    assert path.read_bytes() == b"keep me" and names(shared) == ["w"]


@as_root
def test_a_file_of_somebody_else_in_a_folder_where_only_owners_rename(shared):
    shared.chmod(0o1777)
    path = shared / "w"
    path.write_bytes(b"keep me")
    path.chmod(0o666)
    said = as_nobody(lambda: files.write("save", path, b"new"))
    assert said.startswith(
        f"NoPermissionError: save: you may not put a new file in the place of '{path}' in the folder"
    )
    assert path.read_bytes() == b"keep me" and names(shared) == ["w"]


@as_root
def test_a_group_shares_its_files(shared):
    """Two users of one group, in a folder that hands its group on: each writes what the other has written."""
    os.chown(shared, 0, 4321)
    shared.chmod(0o2775)

    def of(user, content):
        def run():
            os.setgroups([])
            os.setgid(4321)
            os.setuid(user)
            os.umask(0o002)
            files.write("save", shared / "w", content)
            return files.read("load", shared / "w")

        return in_a_child(run)

    assert of(1001, b"one") == "b'one'" and mode(shared / "w") == 0o664
    assert of(1002, b"two") == "b'two'" and mode(shared / "w") == 0o664
    assert (shared / "w").stat().st_gid == 4321


# --------------------------------------------------------------------------------------------------- one place for all

WRITES = {"write_text", "write_bytes", "mkstemp", "mkdtemp", "NamedTemporaryFile", "replace", "rename", "mkdir", "makedirs", "touch",
          "fdopen", "tofile", "savefig", "savez", "copyfile", "copytree", "copy2", "expanduser", "home"}  # fmt: skip


def test_no_other_file_of_the_library_writes_files_or_expands_paths():
    """Neither by itself nor by a library: `files.py` knows how permissions, links and refusals are to be treated."""
    # Into a temporary folder; an empty file, to be held.
    allowed = {("cli/check.py", "copytree"), ("site/lite.py", "copytree"), ("locks.py", "open")}
    guilty = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name == "files.py" or "_lessons" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            owner = (
                function.value.id
                if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
                else ""
            )
            text = called in ("replace", "copy") and owner != "os"  # str.replace, dataclasses.replace
            if (path.relative_to(PACKAGE).as_posix(), called) in allowed:
                continue
            if (called in WRITES and not text) or called == "open" and owner in ("", "os", "io"):
                guilty.append(f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert not guilty, "\n".join(guilty)


def test_the_names_above_are_those_that_exist():
    assert sys.modules["dlcourse.files"].PARTIAL == "partial"
    assert issubclass(NoPermissionError, PermissionError) and issubclass(FileAccessError, OSError)
