"""The command line: what it copies, what it says, how it ends."""

import copy
import html
import json
import os
import re
import socket
import stat
import subprocess
import sys
import types

import hypothesis
import nbformat
import nbval.plugin
import pytest

import dlcourse
from dlcourse import cli, notebooks
from dlcourse.cli import arguments, comparing, lab
from dlcourse.cli.copying import MANIFEST, copy_lessons


@pytest.fixture
def source(tmp_path):
    """Two lessons and a picture, as a package would carry them."""
    place = tmp_path / "source"
    (place / "images").mkdir(parents=True)
    (place / "00_start_here.ipynb").write_bytes(b"zero, version 1")
    (place / "01_next.ipynb").write_bytes(b"one, version 1")
    (place / "images" / "a.png").write_bytes(b"picture")
    return place


def notebook(path, source, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    book.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    book.cells[0].execution_count = 1
    nbformat.write(notebooks.normalize(book), path)


def test_a_first_copy_brings_everything(source, tmp_path):
    assert copy_lessons(source, tmp_path / "mine") == ["3 files copied."]
    assert (tmp_path / "mine" / "images" / "a.png").read_bytes() == b"picture"
    assert copy_lessons(source, tmp_path / "mine") == []


def test_an_unchanged_lesson_is_replaced_by_a_newer_one(source, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    assert copy_lessons(source, mine) == ["01_next.ipynb: a newer version replaced the one you had not changed."]
    assert (mine / "01_next.ipynb").read_bytes() == b"one, version 2"


def test_a_changed_lesson_stays_and_the_newer_one_is_laid_beside_it(source, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    assert copy_lessons(source, mine) == []  # there is nothing newer
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    (said,) = copy_lessons(source, mine)
    assert "your version stays" in said and "01_next.new.ipynb" in said
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert (mine / "01_next.new.ipynb").read_bytes() == b"one, version 2"
    assert copy_lessons(source, mine) == []  # said once


def test_work_done_in_the_copy_beside_is_kept_too(source, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    copy_lessons(source, mine)
    (mine / "01_next.new.ipynb").write_bytes(b"more of my work")
    (source / "01_next.ipynb").write_bytes(b"one, version 3")
    copy_lessons(source, mine)
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert (mine / "01_next.new.ipynb").read_bytes() == b"more of my work"
    assert (mine / "01_next.new2.ipynb").read_bytes() == b"one, version 3"


@pytest.mark.parametrize("broken", [None, b"", b"[]", b"\xff{", b'{"01_next.ipynb": 3}'])
def test_without_a_readable_list_every_differing_file_is_the_learners(source, tmp_path, broken):
    mine = tmp_path / "mine"
    copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    if broken is None:
        (mine / MANIFEST).unlink()
    else:
        (mine / MANIFEST).write_bytes(broken)
    copy_lessons(source, mine)
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert json.loads((mine / MANIFEST).read_text())["00_start_here.ipynb"]


def test_a_lesson_that_the_learner_removed_comes_back(source, tmp_path):
    copy_lessons(source, tmp_path / "mine")
    (tmp_path / "mine" / "01_next.ipynb").unlink()
    assert copy_lessons(source, tmp_path / "mine") == ["1 file copied."]


def test_a_package_without_lessons_says_how_to_get_them(tmp_path):
    with pytest.raises(arguments.UserError, match="no lessons in .*--force-reinstall dlcourse"):
        copy_lessons(tmp_path, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_lab_starts_jupyterlab_on_lesson_00_with_one_blas_thread(source, tmp_path, monkeypatch, capsys):
    started = {}

    class Server:
        def __init__(self, command, env, cwd):
            started.update(command=command, env=env, cwd=cwd)

        def wait(self):
            return 0

    monkeypatch.setattr(lab.subprocess, "Popen", Server)
    monkeypatch.setattr(notebooks, "folder", lambda: source)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert cli.main(["lab", str(tmp_path / "mine"), "--no-browser", "--port", str(free_port())]) == 0
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in started["command"]
    assert "--no-browser" in started["command"]
    assert f"--ServerApp.kernel_websocket_connection_class={lab.CONNECTION}" in started["command"]
    assert f"--LabApp.workspaces_dir={tmp_path / 'mine' / lab.LAYOUTS}" in started["command"]
    assert started["env"]["OPENBLAS_NUM_THREADS"] == "1"
    assert (tmp_path / "mine" / "00_start_here.ipynb").exists()
    assert "3 files copied." in capsys.readouterr().out


def test_lab_gives_the_page_extensions_that_jupyterlab_finds(tmp_path, monkeypatch):
    config = pytest.importorskip("jupyterlab_server.config")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    *ours, theirs = lab.environment()["JUPYTER_PATH"].split(os.pathsep)
    assert theirs == str(tmp_path)
    extensions = config.get_federated_extensions([os.path.join(place, "labextensions") for place in ours])
    assert set(extensions) == {"dlcourse-slides", "dlcourse-window"}
    for extension in extensions.values():
        assert os.path.isfile(os.path.join(extension["ext_path"], extension["jupyterlab"]["_build"]["load"]))


def test_the_first_window_shows_the_contents_and_the_learners_own_stays(tmp_path):
    manager = pytest.importorskip("jupyterlab_server.workspaces_handler").WorkspacesManager(tmp_path / lab.LAYOUTS)
    lab.begin_with_contents(tmp_path)
    begun = manager.load("default")  # the file has the name that JupyterLab looks for
    assert begun["data"]["layout-restorer:data"]["left"]["current"] == "@jupyterlab/toc:plugin"
    manager.save("default", json.dumps({"data": {"mine": 1}, "metadata": {"id": "default"}}))
    lab.begin_with_contents(tmp_path)
    assert manager.load("default")["data"] == {"mine": 1}


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a process without telling it")
@pytest.mark.parametrize("hangs", [False, True])
def test_who_terminates_the_command_terminates_the_server(source, tmp_path, hangs):
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if hangs else ""
    code = (
        "import sys; from pathlib import Path; from dlcourse import cli, notebooks\n"
        f"notebooks.folder = lambda: Path({str(source)!r})\n"
        f"server = 'import os, signal, time; {deaf}print(os.getpid(), flush=True); time.sleep(60)'\n"
        "cli.lab.ENDS_IN = 0.5\n"
        "cli.lab.lab_command = lambda *_: [sys.executable, '-c', server]\n"
        f"sys.exit(cli.main(['lab', {str(tmp_path / 'mine')!r}]))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as command:
        server = int(next(line for line in command.stdout if line.strip().isdecimal()))
        command.terminate()
        assert command.wait(30) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_said_before_anything_is_copied(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "folder", lambda: source)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert cli.main(["lab", str(tmp_path / "mine"), "--port", str(port)]) == 2
    assert f"port {port} is taken" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("port", ["0", "70000", "-1", "abc", "8e3"])
def test_what_is_not_a_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["lab", f"--port={port}"])
    assert ended.value.code == 2
    assert f"{port!r} is not a port" in capsys.readouterr().err


def test_without_jupyterlab_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(arguments.importlib.util, "find_spec", lambda name: None)
    assert cli.main(["lab"]) == 2
    assert "JupyterLab is not installed. Install it with:" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "folder", lambda: source)
    (tmp_path / "mine").write_text("a file")
    assert cli.main(["lab", str(tmp_path / "mine")]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
    assert cli.main(["lab", str(tmp_path / "mine" / "below")]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_copied_lessons_and_pages_have_the_permissions_of_any_new_file_and_keep_those_they_have(source, tmp_path):
    mine = tmp_path / "mine"
    before = os.umask(0o027)
    try:
        copy_lessons(source, mine)
        assert cli.main(["export", "00", "--to", str(mine)]) == 0
    finally:
        os.umask(before)
    files = [path for path in mine.rglob("*") if path.is_file()]
    assert len(files) == 5 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o640}
    (mine / "01_next.ipynb").chmod(0o664)
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    copy_lessons(source, mine)
    assert stat.S_IMODE((mine / "01_next.ipynb").stat().st_mode) == 0o664


def test_the_home_folder_is_meant_by_its_sign(source, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert cli.main(["export", "00", "--to=~/pages"]) == 0
    assert (tmp_path / "home" / "pages" / "00_start_here.html").is_file()
    notebook(tmp_path / "home" / "61_x.ipynb", "1", "")
    assert arguments.find_one("~/61_x.ipynb", []) == (tmp_path / "home" / "61_x.ipynb").resolve()
    monkeypatch.setattr(notebooks, "folder", lambda: source)
    monkeypatch.setattr(lab.subprocess, "Popen", lambda *_, **__: types.SimpleNamespace(wait=lambda: 0))
    assert cli.main(["lab", "~/course"]) == 0
    assert (tmp_path / "home" / "course" / "00_start_here.ipynb").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "source"]


def test_a_folder_that_may_not_be_written(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(notebooks, "folder", lambda: source)

    def refuse(path, *_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "makedirs", refuse)
    assert cli.main(["lab", str(tmp_path / "mine")]) == 2
    assert (
        "mine: you may not write there. Choose another folder, for example: dlcourse lab ~/" in capsys.readouterr().err
    )
    assert cli.main(["export", "--to", str(tmp_path / "mine")]) == 2
    assert "for example: dlcourse export --to ~/" in capsys.readouterr().err


def test_an_unknown_lesson_lists_the_lessons(capsys):
    assert cli.main(["check", "99"]) == 2
    said = capsys.readouterr().err
    assert "there is no lesson '99'" in said
    assert all(lesson.stem in said for lesson in notebooks.lessons())


def test_a_lesson_is_found_by_number_name_and_path():
    known = notebooks.lessons()
    first = known[0]
    for name in ("0", "00", "start_here", "00_start_here", "00_start_here.ipynb", str(first)):
        assert arguments.find_one(name, known) == first


def test_the_second_half_of_a_subject_comes_after_the_first_and_is_found_by_its_own_number(
    tmp_path, monkeypatch, capsys
):
    names = ("05_after", "04b_second_half", "10_last", "04_first_half", "notes", "4_no_lesson", "04B_no_lesson")
    for name in names:
        notebook(tmp_path / f"{name}.ipynb", "print(6 * 7)", "42\n")
    known = notebooks.lessons(tmp_path)
    assert [path.stem for path in known] == ["04_first_half", "04b_second_half", "05_after", "10_last"]
    assert [notebooks.number(path) for path in known] == ["04", "04b", "05", "10"]
    for name in ("4b", "04b", "04B", "second_half", "04b_second_half", "04b_second_half.ipynb", str(known[1])):
        assert arguments.find_one(name, known) == known[1]
    for name in ("4", "04", "first_half"):
        assert arguments.find_one(name, known) == known[0]
    for name in ("b", "b04", "040", "4c", ""):
        with pytest.raises(arguments.UserError, match="there is no lesson"):
            arguments.find_one(name, known)
    monkeypatch.setattr(notebooks, "folder", lambda: tmp_path)
    assert cli.main(["check", "4b"]) == 0
    assert capsys.readouterr().out == "04b_second_half: as stored\n"
    assert cli.main(["export", "04b", "--to", str(tmp_path / "pages")]) == 0
    assert (tmp_path / "pages" / "04b_second_half.html").is_file()


def test_the_lessons_are_copied_for_a_learner_with_their_second_halves(tmp_path):
    for name in ("04_first_half", "04b_second_half"):
        notebook(tmp_path / "theirs" / f"{name}.ipynb", "print(6 * 7)", "42\n")
    copy_lessons(tmp_path / "theirs", tmp_path / "mine")
    assert [path.stem for path in notebooks.lessons(tmp_path / "mine")] == ["04_first_half", "04b_second_half"]


def test_check_is_silent_about_equal_results_and_says_in_words_what_differs(tmp_path, capsys):
    notebook(tmp_path / "50_right.ipynb", "print(6 * 7)", "42\n")
    notebook(tmp_path / "51_wrong.ipynb", "print(6 * 7)", "41\n")
    assert cli.main(["check", str(tmp_path / "50_right.ipynb")]) == 0
    assert capsys.readouterr().out == "50_right: as stored\n"
    assert cli.main(["check", str(tmp_path / "51_wrong.ipynb")]) == 1
    said = capsys.readouterr().out
    assert "51_wrong: 1 cell differs" in said
    assert "print(6 * 7)" in said and "stored: 41" in said and "now:    42" in said
    assert "\x1b" not in said and "Traceback" not in said


def test_check_says_which_error_a_cell_raises_without_the_calls_in_between(tmp_path, capsys):
    notebook(tmp_path / "52_raises.ipynb", "import json\n\njson.loads('{')", "")
    assert cli.main(["check", str(tmp_path / "52_raises.ipynb")]) == 1
    said = capsys.readouterr().out
    assert "json.loads('{')" in said and "JSONDecodeError: Expecting property name" in said
    assert "Traceback" not in said and "decoder.py" not in said and len(said.splitlines()) <= 8


def stream(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def shown(**data):
    kinds = {
        "text": "text/plain",
        "html": "text/html",
        "png": "image/png",
        "json": "application/json",
        "view": notebooks.WIDGET_VIEW,
    }
    return nbformat.v4.new_output("display_data", {kinds[kind]: value for kind, value in data.items()})


def error(name, message):
    return nbformat.v4.new_output("error", ename=name, evalue=message, traceback=["somewhere"])


DISPLAY = "from IPython.display import display\n"
# Source, stored outputs, tags, and the lines that `check` prints about it; none if it is as stored.
CELLS = {
    "a changed number": ("print(6 * 7)", [stream("41\n")], (), ["mismatch 'stdout'", "now:    42", "stored: 41"]),
    "one line of many": (
        "for i in range(9): print('line', i)",
        [stream("".join(f"line {'four' if i == 4 else i}\n" for i in range(9)))],
        (),
        ["mismatch 'stdout'", "…", "line 2", "line 3", "now:    line 4", "stored: line four", "line 5", "line 6", "…"],
    ),
    "a line more": ("print(0)\nprint(1)", [stream("0\n")], (), ["mismatch 'stdout'", "0", "now:    1"]),
    "a blank at the end": ("print('a ')", [stream("a\n")], (), ["mismatch 'stdout'", "now:    'a '", "stored: 'a'"]),
    "a missing output": ("x = 1", [stream("41\n")], (), ["Missing output fields from running code: {'stdout'}"]),
    "a new output": ("print(1)", [], (), ["Unexpected output fields from running code: {'stdout'}"]),
    "stderr": ("import sys\nprint('a', file=sys.stderr)", [stream("b\n", "stderr")], (), ["mismatch 'stderr'", "now:    a", "stored: b"]),
    "HTML": (
        DISPLAY + "display({'text/html': '<b>1</b>', 'text/plain': 'x'}, raw=True)",
        [shown(html="<b>2</b>", text="x")],
        (),
        ["mismatch 'text/html'", "now:    <b>1</b>", "stored: <b>2</b>"],
    ),
    "JSON": (
        DISPLAY + "display({'application/json': {'a': 1}, 'text/plain': 'x'}, raw=True)",
        [shown(json={"a": 2}, text="x")],
        (),
        ["mismatch 'application/json'", "{", 'now:     "a": 1', 'stored:  "a": 2', "}"],
    ),
    "two for one": (
        DISPLAY + "display(1)\ndisplay(2)",
        [shown(text="1")],
        (),
        ['dissimilar number of outputs for key "text/plain"', "stored:", "1", "now:", "1", "2"],
    ),
    "another order": (DISPLAY + "display(1)\ndisplay(2)", [shown(text="2"), shown(text="1")], (), ["mismatch 'text/plain'", "now:    1", "stored: 2"]),
    "another order of streams": ("import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')", [stream("b\n", "stderr"), stream("a\nc\n")], (), []),
    "another picture": (DISPLAY + "display({'image/png': 'AAAA', 'text/plain': 'x'}, raw=True)", [shown(png="BBBB", text="x")], (), []),
    "a widget": ("import ipywidgets\nipywidgets.IntSlider()", [shown(text="IntSlider(value=0)")], (), []),
    "a bar that wrote over itself": ("print('10 %\\r50 %\\r100 %')", [stream("100 %\n")], (), []),
    "colours": ("print('\\x1b[31mred\\x1b[0m')", [stream("\x1b[31mgreen\x1b[0m\n")], (), ["mismatch 'stdout'", "now:    red", "stored: green"]),
    "only colours": ("print('\\x1b[31mred\\x1b[0m')", [stream("red\n")], (), ["mismatch 'stdout'", r"now:    '\x1b[31mred\x1b[0m'", "stored: 'red'"]),
    "cleared, as it was sent": (
        "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')",
        [stream("b\n")],
        (),
        ["mismatch 'stdout'", "now:    a", "b"],
    ),
    "an exception": ("1 / 0", [], (), ["ZeroDivisionError: division by zero"]),
    "an exception, its output ignored": ("1 / 0", [], ("nbval-ignore-output",), ["ZeroDivisionError: division by zero"]),
    "no Python": ("this is no Python", [], (), ["SyntaxError: invalid syntax"]),
    "ignored": ("print(6 * 7)", [stream("41\n")], ("nbval-ignore-output",), []),
    "ignored by a comment": ("# NBVAL_IGNORE_OUTPUT\nprint(6 * 7)", [stream("41\n")], (), []),
    "skipped": ("raise SystemExit", [stream("41\n")], ("nbval-skip",), []),
    "skipped by a comment": ("# NBVAL_SKIP\nraise SystemExit", [stream("41\n")], (), []),
    "an exception that is meant": ("1 / 0", [error("ZeroDivisionError", "division by zero")], ("raises-exception",), []),
    "another exception": ("1 / 0", [error("ZeroDivisionError", "no")], ("raises-exception",), ["mismatch 'evalue'", "now:    division by zero", "stored: no"]),
    "no exception": ("1", [error("ValueError", "no")], ("raises-exception",), ["Missing output fields from running code: {'ename', 'evalue'}"]),
    "never run": (None, [stream("1\n")], (), ["Unrun reference cell has outputs"]),
}  # fmt: skip


def test_check_says_of_each_cell_what_differs_and_goes_on(tmp_path, capsys):
    book = nbformat.v4.new_notebook()
    for number, (source, outputs, tags, _) in enumerate(CELLS.values()):
        cell = nbformat.v4.new_code_cell(
            source or "print(1)", outputs=outputs, execution_count=number + 1 if source else None
        )
        cell.metadata.tags = list(tags)
        book.cells += [nbformat.v4.new_markdown_cell("Text between."), cell]
    path = tmp_path / "56_all.ipynb"
    nbformat.write(book, path)
    before = path.read_bytes()
    assert cli.main(["check", str(path)]) == 1
    said = capsys.readouterr()
    assert said.err == "" and path.read_bytes() == before and [each.name for each in tmp_path.iterdir()] == [path.name]
    expected = {f"Cell {number}": (name, *CELLS[name]) for number, name in enumerate(CELLS) if CELLS[name][3]}
    assert said.out.startswith(f"56_all: {len(expected)} cells differ\n  Cell ")
    blocks = re.split(r"^  (?=Cell )", said.out, flags=re.MULTILINE)[1:]
    reports = {title: block.splitlines() for title, block in (block.split(":\n", 1) for block in blocks)}
    assert reports.keys() == expected.keys()
    for title, (name, source, _, _, lines) in expected.items():
        given = [line.strip() for line in reports[title]]
        assert given[: len((source or "print(1)").splitlines())] == (source or "print(1)").splitlines(), name
        assert all(line.startswith("    ") for line in reports[title]), name
        if name in ("no Python", "no exception"):
            assert lines[0] in given, name
        else:
            assert given[-len(lines) :] == [line.strip() for line in lines], name
            assert len(given) == len(lines) + len((source or "print(1)").splitlines()), name


OUTPUTS = hypothesis.strategies.lists(
    hypothesis.strategies.one_of(
        hypothesis.strategies.builds(stream, hypothesis.strategies.sampled_from(["a\n", "b", "a\rb\n", ""]), hypothesis.strategies.sampled_from(["stdout", "stderr"])),
        hypothesis.strategies.builds(shown, text=hypothesis.strategies.sampled_from(["1", "2"])),
        hypothesis.strategies.builds(shown, text=hypothesis.strategies.just("x"), html=hypothesis.strategies.sampled_from(["1", "2"])),
        hypothesis.strategies.builds(shown, png=hypothesis.strategies.sampled_from(["1", "2"]), json=hypothesis.strategies.sampled_from([{"a": 1}, {"a": 2}])),
        hypothesis.strategies.builds(shown, view=hypothesis.strategies.sampled_from([1, 2])),
        hypothesis.strategies.builds(error, hypothesis.strategies.sampled_from(["A", "B"]), hypothesis.strategies.just("m")),
    ),
    max_size=4,
)  # fmt: skip


class Nbval:
    """As much of nbval's cell as its comparison uses."""

    def __init__(self):
        widgets = "application/vnd.jupyter.widget-view+json"
        kept = ("metadata", "traceback", "prompt_number", "output_type", "name", "execution_count", widgets)
        self.parent = types.SimpleNamespace(skip_compare=(*kept, "image/png", "image/jpeg"), sanitize_patterns={})
        self.colors = nbval.plugin.nocolors
        self.comparison_traceback = []

    def sanitize(self, text):
        return nbval.plugin.IPyNbCell.sanitize(self, text)

    def format_output_compare(self, *_):
        pass

    def agrees(self, new, stored):
        new, stored = (nbval.plugin.coalesce_streams(copy.deepcopy(outputs)) for outputs in (new, stored))
        return nbval.plugin.IPyNbCell.compare_outputs(self, new, stored)


@hypothesis.settings(max_examples=500, deadline=None, derandomize=True)
@hypothesis.given(OUTPUTS, OUTPUTS)
def test_check_is_as_strict_as_nbval(stored, new):
    cells = [nbformat.v4.new_code_cell("1", outputs=outputs, execution_count=1) for outputs in (stored, new)]
    cells[0].metadata.tags = ["raises-exception"]
    assert (not comparing.differences(cells[:1], cells[1:])) == Nbval().agrees(new, stored)
    assert not comparing.differences(cells[:1], copy.deepcopy(cells[:1]))


def test_check_goes_on_where_a_kernel_dies(tmp_path, capsys):
    book = nbformat.v4.new_notebook()
    for source, text in (("print(1)", "2\n"), ("import os\n\nos._exit(1)", ""), ("print(3)", "3\n")):
        outputs = [stream(text)] if text else []
        book.cells.append(nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=1))
    nbformat.write(book, tmp_path / "57_dies.ipynb")
    notebook(tmp_path / "58_right.ipynb", "print(6 * 7)", "42\n")
    assert cli.main(["check", str(tmp_path / "57_dies.ipynb"), str(tmp_path / "58_right.ipynb")]) == 1
    said = capsys.readouterr().out
    assert "57_dies: 2 cells differ" in said and "now:    1" in said and "stored: 2" in said
    assert "57_dies.ipynb, cell 1 ('import os'): Kernel died" in said and "58_right: as stored" in said


def test_check_runs_in_this_python_whatever_kernels_are_registered(tmp_path, monkeypatch, capsys):
    kernel = tmp_path / "data" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["no-such-python", "{connection_file}"], "display_name": "x", "language": "python"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    notebook(tmp_path / "59_x.ipynb", "import sys\nprint(sys.prefix == %r)" % sys.prefix, "True\n")  # noqa: UP031
    assert cli.main(["check", str(tmp_path / "59_x.ipynb")]) == 0
    assert capsys.readouterr().out == "59_x: as stored\n"


def test_what_check_and_help_say_can_be_written_on_any_stream(tmp_path):
    notebook(tmp_path / "60_x.ipynb", "print('λ → 2')", "λ → 1\n")
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for command, code in ((["check", str(tmp_path / "60_x.ipynb")], 1), (["--help"], 0), (["lab", "--help"], 0)):
        done = subprocess.run(
            [sys.executable, "-m", "dlcourse.cli", *command], env=environment, capture_output=True, check=False
        )
        assert done.returncode == code and done.stderr == b""
        if command[0] == "check":
            assert b"now:    lambda -> 2" in done.stdout and b"stored: lambda -> 1" in done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "dlcourse.cli", "check", "größe"], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 2 and b"there is no lesson 'gro" in done.stderr


def test_what_is_not_a_notebook_is_said_in_a_sentence(tmp_path, capsys):
    (tmp_path / "53_text.ipynb").write_text("not JSON")
    for command in ("check", "refresh"):
        assert cli.main([command, str(tmp_path / "53_text.ipynb")]) == 2
        assert "53_text.ipynb is not a notebook" in capsys.readouterr().err


def test_an_exported_page_has_a_text_alternative_for_every_picture(tmp_path, capsys):
    assert cli.main(["export", "02", "--to", str(tmp_path / "pages")]) == 0
    page = tmp_path / "pages" / "02_single_neuron.html"
    assert capsys.readouterr().out.strip() == str(page)
    stored = nbformat.read(notebooks.folder() / "02_single_neuron.ipynb", as_version=4)
    outputs = [output for cell in stored.cells for output in cell.get("outputs", ()) if "data" in output]
    alternatives = [output.metadata["image/png"]["alt"] for output in outputs if "image/png" in output.data]
    images = re.findall(r"<img[^>]*>", page.read_text(encoding="utf-8"))
    sentences = [html.unescape(re.search(r' alt="([^"]*)"', image)[1]) for image in images]
    assert [told for told, image in zip(sentences, images, strict=True) if " width=" in image] == alternatives
    assert len(alternatives) >= 2 and all(len(told) > 20 for told in sentences)  # those of folded answers, too


def test_a_page_cannot_be_written_over_a_file(tmp_path, capsys):
    (tmp_path / "pages").write_text("not a folder", encoding="utf-8")
    assert cli.main(["export", "02", "--to", str(tmp_path / "pages")]) == 2
    assert (
        "is a file, not a folder. Choose another folder, for example: dlcourse export --to ~/pages"
        in capsys.readouterr().err
    )


def test_refresh_stores_and_a_second_time_changes_nothing(tmp_path, capsys):
    path = tmp_path / "54_x.ipynb"
    notebook(path, "import ipywidgets\nprint('a')\nipywidgets.IntSlider()", "old\n")
    assert cli.main(["refresh", str(path)]) == 0
    first = path.read_bytes()
    assert cli.main(["refresh", str(path)]) == 0
    assert path.read_bytes() == first
    assert capsys.readouterr().out == "54_x.ipynb: stored\n54_x.ipynb: unchanged\n"
    book = nbformat.read(path, as_version=4)
    assert book.cells[0].outputs[0].text == "a\n"
    assert b"widget-view" not in first and b"widget-state" not in first


def test_refresh_leaves_a_lesson_that_fails_as_it_was(tmp_path, capsys):
    path = tmp_path / "55_x.ipynb"
    notebook(path, "x = 1\nraise ValueError('why')", "old\n")
    before = path.read_bytes()
    assert cli.main(["refresh", str(path)]) == 1
    assert path.read_bytes() == before
    assert "55_x.ipynb, cell 0 ('x = 1'): ValueError: why" in capsys.readouterr().err


def test_normalizing_drops_what_differs_between_two_runs():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell("2")])
    book.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    book.cells[0]["id"] = book.cells[1]["id"] = "twice"
    book.cells[0].metadata.update(tags=["hide"], execution={"iopub.execute_input": "2026-01-01"})
    book.cells[0].execution_count = 7
    book.cells[0].outputs = [
        nbformat.v4.new_output("stream", name="stdout", text="a\n"),
        nbformat.v4.new_output("stream", name="stdout", text="b\n"),
        nbformat.v4.new_output("display_data", {notebooks.WIDGET_VIEW: {}, "image/png": "AA==", "text/plain": "x"}),
        nbformat.v4.new_output("display_data", {notebooks.WIDGET_VIEW: {}}),
    ]
    notebooks.normalize(book)
    nbformat.validate(book)
    assert "widgets" not in book.metadata
    assert book.cells[0].metadata == {"tags": ["hide"]}
    assert [output.get("text") or sorted(output.data) for output in book.cells[0].outputs] == [
        "a\nb\n",
        ["image/png", "text/plain"],
    ]
    assert [cell.execution_count for cell in book.cells] == [1, 2]
    assert book.cells[0].id == "twice" != book.cells[1].id


def test_version_and_help_from_the_shell():
    run = [sys.executable, "-m", "dlcourse.cli"]
    said = subprocess.run([*run, "--version"], capture_output=True, text=True, check=True).stdout
    assert said == f"dlcourse {dlcourse.__version__}\n"
    help_text = subprocess.run([*run, "--help"], capture_output=True, text=True, check=True).stdout
    assert "examples:" in help_text and "dlcourse check 02" in help_text


@pytest.mark.parametrize("arguments", [[], ["teach"], ["lab", "--colour"]])
def test_wrong_usage_ends_with_2_and_no_traceback(arguments):
    done = subprocess.run(
        [sys.executable, "-m", "dlcourse.cli", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "usage: dlcourse" in done.stderr and "Traceback" not in done.stderr


def test_a_number_of_threads_that_the_learner_chose_stays(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert notebooks.one_thread()["OMP_NUM_THREADS"] == "3"
    assert os.environ["OMP_NUM_THREADS"] == "3"
