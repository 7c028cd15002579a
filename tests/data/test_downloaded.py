"""The files of MNIST: read, fetched, and what is said when a server or a network misbehaves."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import os
import socket
import ssl
import stat
import struct
import threading
import urllib.error
import urllib.request

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.data import downloaded
from dlcourse.errors import CourseError, DataError, FileFormatError, NoPermissionError, WrongTypeError


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(head + array.astype(np.uint8).tobytes(), mtime=0)


X, Y = np.full((3, 28, 28), 255), np.array([1, 2, 3])
CONTENTS = dict(zip(downloaded._NAMES, map(idx, (X, Y, X, Y)), strict=True))
SUMS = " ".join(hashlib.md5(content).hexdigest() for content in CONTENTS.values())


@pytest.fixture
def small_mnist(tmp_path, monkeypatch):
    for name, content in CONTENTS.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(downloaded, "_MNIST", ("http://nowhere.invalid/", SUMS))
    return tmp_path


def test_files_that_are_there_are_read(small_mnist):
    train, test = dl.data.mnist(small_mnist)
    assert train.x.shape == (3, 28, 28, 1) and train.x.max() == 1.0 and test.y.tolist() == [1, 2, 3]


def test_a_damaged_file_is_named(small_mnist):
    (small_mnist / downloaded._NAMES[1]).write_bytes(b"x")
    with pytest.raises(FileFormatError, match="is damaged"):
        dl.data.mnist(small_mnist)


@pytest.mark.parametrize("broken", [b"", b"not packed", CONTENTS[downloaded._NAMES[0]][:-9], b"\x1f\x8b" + bytes(20)])
def test_what_cannot_be_unpacked_is_named(small_mnist, monkeypatch, broken):
    """Only where the published sum is that of a broken file, but then too."""
    (small_mnist / downloaded._NAMES[0]).write_bytes(broken)
    sums = [hashlib.md5(broken).hexdigest(), *SUMS.split()[1:]]
    monkeypatch.setattr(downloaded, "_MNIST", ("http://nowhere.invalid/", " ".join(sums)))
    with pytest.raises(FileFormatError, match="cannot be unpacked|is no IDX file"):
        dl.data.mnist(small_mnist)


def test_no_head_of_an_idx_file_ends_in_an_error_of_numpy():
    rng = np.random.default_rng(0)
    for axes in (0, 1, 2, 3, 31, 64, 65, 70, 255):
        for size in (0, 1, 2**16, 2**32 - 1):
            head = bytes([0, 0, 8, axes]) + rng.choice([0, 1, size], axes).astype(">u4").tobytes()
            for rest in (b"", b"a", bytes(100)):
                try:
                    assert downloaded.read_idx(head + rest).size == len(rest)
                except FileFormatError as error:
                    assert str(error).startswith("read_idx: 'file' is")


def test_a_cut_idx_file_is_refused():
    with pytest.raises(FileFormatError, match=r"is cut off: its head promises shape \(3,\)"):
        downloaded.read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7]))
    with pytest.raises(FileFormatError, match="is no IDX file"):
        downloaded.read_idx(b"hello")
    with pytest.raises(FileFormatError, match="is cut off"):  # 2³² times 2³² is not 0
        downloaded.read_idx(bytes([0, 0, 8, 4]) + bytes([128, 0, 0, 0]) * 4)
    with pytest.raises(WrongTypeError, match="the content of a file is bytes"):
        downloaded.read_idx("train-images-idx3-ubyte")


# ------------------------------------------------------------------------------------------------ misbehaving servers


def answer(status="200 OK", body=b"", *headers):
    return f"HTTP/1.1 {status}\r\n{''.join(line + chr(13) + chr(10) for line in headers)}\r\n".encode() + body


def redirect(place):
    return answer("302 Found", b"", f"Location: {place}", "Content-Length: 0")


def stall(connection):
    threading.Event().wait(1)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


ENDLESS = b"0123456789abcdef" * 65536

# What a server sends, and what it does then.
MISBEHAVIOUR = {
    "nothing": (b"", None),
    "no status line": (b"hello\r\n\r\n", None),
    "a status that is no number": (b"HTTP/1.1 fine OK\r\n\r\n", None),
    "an endless status line": (b"HTTP/1.1 200 " + b"x" * 100_000, None),
    "an endless header": (answer("200 OK", b"", "X: " + "x" * 100_000), None),
    "too many headers": (answer("200 OK", b"", *["X: x"] * 300), None),
    "a header cut off": (b"HTTP/1.1 200 OK\r\nContent-Le", None),
    "not found": (answer("404 Not Found", b"no", "Content-Length: 2"), None),
    "forbidden": (answer("403 Forbidden"), None),
    "busy": (answer("503 Service Unavailable"), None),
    "a wrong password": (answer("401 Unauthorized", b"", "WWW-Authenticate: Basic"), None),
    "a length that is not kept": (answer("200 OK", b"abc", "Content-Length: 1000"), None),
    "a length beyond all memory": (answer("200 OK", b"abc", "Content-Length: 1000000000000000"), None),
    "a length that is no number": (answer("200 OK", b"abc", "Content-Length: many"), None),
    "chunks that are none": (answer("200 OK", b"what\r\n", "Transfer-Encoding: chunked"), None),
    "chunks that break off": (answer("200 OK", b"10\r\nabc", "Transfer-Encoding: chunked"), None),
    "a page to log in": (answer("200 OK", b"<html>Welcome to the airport.</html>"), None),
    "half a file": (answer("200 OK", CONTENTS[downloaded._NAMES[0]][:40]), None),
    "an endless file": (answer("200 OK", ENDLESS), None),
    "silence": (b"", stall),
    "silence in the middle": (answer("200 OK", b"abc", "Content-Length: 1000"), stall),
    "a reset": (b"", reset),
    "a reset in the middle": (answer("200 OK", b"abc", "Content-Length: 1000"), reset),
    "itself, again and again": (redirect("/again"), None),
    "a port that is none": (redirect("http://127.0.0.1:many/"), None),
    "a port that does not exist": (redirect("http://127.0.0.1:70000/"), None),
    "half an address": (redirect("http://[::1/"), None),
    "no host": (redirect("http:///x"), None),
    "a host with a wrong name": (redirect("http://" + "a" * 70 + "..invalid/"), None),
    "a space in the address": (redirect("http://127.0.0.1/ /\x7f"), None),
    "a file of this machine": (redirect("file:///etc/hostname"), None),
    "another protocol": (redirect("gopher://127.0.0.1/"), None),
    "nowhere": (answer("302 Found"), None),
}


@pytest.fixture
def server():
    """A server on this machine; `serve(content, then)` decides what it does with each connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    behaviour = {}

    def run():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                asked = (connection.recv(65536).split() + [b"", b""])[1].decode("latin-1").removeprefix("/")
                content = behaviour["content"]
                connection.sendall(content[asked] if isinstance(content, dict) else content)
                if behaviour["then"]:
                    behaviour["then"](connection)

    thread = threading.Thread(target=run)
    thread.start()

    def serve(content, then=None):
        behaviour.update(content=content, then=then)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield serve
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def impatient(monkeypatch):
    """No proxy, no waiting, and nothing larger than a hundred thousand bytes."""
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)
    monkeypatch.setattr(downloaded, "_SECONDS", 0.3)
    monkeypatch.setattr(downloaded, "_LARGEST", 100_000)


def check_words(error, folder):
    text = str(error)
    assert isinstance(error, (DataError, FileFormatError))
    assert text.startswith("mnist: ") and repr(str(folder)) in text and "train-images-idx3-ubyte.gz" in text
    assert "Without a network, put the four files " in text and text.endswith("dl.data.digits() needs no network.")
    assert error.__cause__ is None and (error.__context__ is None or error.__suppress_context__)
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.parametrize("kind", MISBEHAVIOUR)
def test_however_a_server_misbehaves_one_is_told_what_to_do(tmp_path, monkeypatch, impatient, server, kind):
    monkeypatch.setattr(downloaded, "_MNIST", (server(*MISBEHAVIOUR[kind]), SUMS))
    with pytest.raises(CourseError) as caught:
        dl.data.mnist(tmp_path / "mnist")
    check_words(caught.value, tmp_path / "mnist")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_is_not_there(tmp_path, monkeypatch, impatient, scheme):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(downloaded, "_MNIST", (f"{scheme}://127.0.0.1:{port}/", SUMS))
    with pytest.raises(DataError) as caught:
        dl.data.mnist(tmp_path / "mnist")
    check_words(caught.value, tmp_path / "mnist")


def test_a_server_that_does_not_speak_tls(tmp_path, monkeypatch, impatient, server):
    address = server(b"HTTP/1.1 400 Bad Request\r\n\r\n").replace("http:", "https:")
    monkeypatch.setattr(downloaded, "_MNIST", (address, SUMS))
    with pytest.raises(DataError) as caught:
        dl.data.mnist(tmp_path / "mnist")
    check_words(caught.value, tmp_path / "mnist")


def errors_of_the_network():
    kinds = {
        kind
        for module in (urllib.error, http.client, socket, ssl)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and not kind.__name__.startswith("_")
    }
    kinds |= {TimeoutError, UnicodeError, *OSError.__subclasses__(), *ConnectionError.__subclasses__()}
    return sorted((kind for kind in kinds if not issubclass(kind, Warning)), key=lambda kind: kind.__name__)


def instance(kind):
    for arguments in ((), ("words",), ("words", 3), ("address", 404, "words", None, None)):
        with contextlib.suppress(TypeError):
            return kind(*arguments)
    raise AssertionError(kind)


@pytest.mark.parametrize("where", ["at once", "while reading"])
def test_every_error_that_the_network_can_raise_is_translated(tmp_path, monkeypatch, where):
    assert len(errors_of_the_network()) > 30
    for kind in errors_of_the_network():
        error = instance(kind)

        class Answer:
            headers = http.client.HTTPMessage()

            def __enter__(self):
                return self

            def __exit__(self, *_):
                return False

            def read(self, _size, _error=error):
                raise _error

        def opened(*_, _error=error, _answer=Answer, **__):
            if where == "at once":
                raise _error
            return _answer()

        monkeypatch.setattr(urllib.request, "urlopen", opened)
        with pytest.raises(DataError) as caught:
            dl.data.mnist(tmp_path)
        check_words(caught.value, tmp_path)
        assert kind.__name__ in caught.value.__notes__[0]


# -------------------------------------------------------------------------------------------------- where it is kept


@pytest.fixture
def kind_server(monkeypatch, impatient, server):
    address = server({name: answer("200 OK", content) for name, content in CONTENTS.items()})
    monkeypatch.setattr(downloaded, "_MNIST", (address, SUMS))


def test_what_is_fetched_is_kept_with_the_permissions_of_any_new_file(tmp_path, monkeypatch, kind_server):
    before = os.umask(0o022)
    try:
        train, _ = dl.data.mnist(tmp_path / "mnist")
    finally:
        os.umask(before)
    assert train.y.tolist() == [1, 2, 3]
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == sorted(CONTENTS)
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "mnist").iterdir()} == {0o644}
    monkeypatch.setattr(downloaded, "_MNIST", ("http://nowhere.invalid/", SUMS))
    assert len(dl.data.mnist(tmp_path / "mnist")[0]) == 3


@pytest.mark.parametrize("how", ["argument", "environment", "default"])
def test_the_home_folder_is_meant_by_its_sign(tmp_path, monkeypatch, kind_server, how):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.delenv("DLCOURSE_DATA", raising=False)
    if how == "environment":
        monkeypatch.setenv("DLCOURSE_DATA", "~/data")
    dl.data.mnist("~/data/mnist" if how == "argument" else None)
    place = home / (".cache/dlcourse/mnist" if how == "default" else "data/mnist")
    assert len(list(place.iterdir())) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_folder_that_may_not_be_written_is_said_before_anything_is_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(downloaded, "_download", lambda address: pytest.fail("fetched"))
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(
        NoPermissionError, match=r"you may not write there\. Name another folder: dl\.data\.mnist\('my_data'\)"
    ):
        dl.data.mnist(tmp_path)


@pytest.mark.parametrize("folder", [3, b"data", ["data"]])
def test_a_folder_that_is_no_path(folder):
    with pytest.raises(WrongTypeError, match="mnist: the path is text, such as 'my_data'"):
        dl.data.mnist(folder)
