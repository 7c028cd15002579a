"""The command line: what it copies, what it says, how it ends."""

import html
import json
import os
import re
import socket
import subprocess
import sys

import nbformat
import pytest

import dlcourse
from dlcourse import cli, notebooks


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
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    book.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    book.cells[0].execution_count = 1
    nbformat.write(notebooks.normalize(book), path)


def test_a_first_copy_brings_everything(source, tmp_path):
    assert cli.copy_lessons(source, tmp_path / "mine") == ["3 files copied."]
    assert (tmp_path / "mine" / "images" / "a.png").read_bytes() == b"picture"
    assert cli.copy_lessons(source, tmp_path / "mine") == []


def test_an_unchanged_lesson_is_replaced_by_a_newer_one(source, tmp_path):
    mine = tmp_path / "mine"
    cli.copy_lessons(source, mine)
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    assert cli.copy_lessons(source, mine) == ["01_next.ipynb: a newer version replaced the one you had not changed."]
    assert (mine / "01_next.ipynb").read_bytes() == b"one, version 2"


def test_a_changed_lesson_stays_and_the_newer_one_is_laid_beside_it(source, tmp_path):
    mine = tmp_path / "mine"
    cli.copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    assert cli.copy_lessons(source, mine) == []  # there is nothing newer
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    (said,) = cli.copy_lessons(source, mine)
    assert "your version stays" in said and "01_next.new.ipynb" in said
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert (mine / "01_next.new.ipynb").read_bytes() == b"one, version 2"
    assert cli.copy_lessons(source, mine) == []  # said once


def test_work_done_in_the_copy_beside_is_kept_too(source, tmp_path):
    mine = tmp_path / "mine"
    cli.copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    (source / "01_next.ipynb").write_bytes(b"one, version 2")
    cli.copy_lessons(source, mine)
    (mine / "01_next.new.ipynb").write_bytes(b"more of my work")
    (source / "01_next.ipynb").write_bytes(b"one, version 3")
    cli.copy_lessons(source, mine)
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert (mine / "01_next.new.ipynb").read_bytes() == b"more of my work"
    assert (mine / "01_next.new2.ipynb").read_bytes() == b"one, version 3"


@pytest.mark.parametrize("broken", [None, b"", b"[]", b"\xff{", b'{"01_next.ipynb": 3}'])
def test_without_a_readable_list_every_differing_file_is_the_learners(source, tmp_path, broken):
    mine = tmp_path / "mine"
    cli.copy_lessons(source, mine)
    (mine / "01_next.ipynb").write_bytes(b"my work")
    if broken is None:
        (mine / cli.MANIFEST).unlink()
    else:
        (mine / cli.MANIFEST).write_bytes(broken)
    cli.copy_lessons(source, mine)
    assert (mine / "01_next.ipynb").read_bytes() == b"my work"
    assert json.loads((mine / cli.MANIFEST).read_text())["00_start_here.ipynb"]


def test_a_lesson_that_the_learner_removed_comes_back(source, tmp_path):
    cli.copy_lessons(source, tmp_path / "mine")
    (tmp_path / "mine" / "01_next.ipynb").unlink()
    assert cli.copy_lessons(source, tmp_path / "mine") == ["1 file copied."]


def test_a_package_without_lessons_says_how_to_get_them(tmp_path):
    with pytest.raises(cli.UserError, match="no lessons in .*--force-reinstall dlcourse"):
        cli.copy_lessons(tmp_path, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()


def test_lab_starts_jupyterlab_on_lesson_00_with_one_blas_thread(source, tmp_path, monkeypatch, capsys):
    started = {}

    class Server:
        def __init__(self, command, env, cwd):
            started.update(command=command, env=env, cwd=cwd)

        def wait(self):
            return 0

    monkeypatch.setattr(cli.subprocess, "Popen", Server)
    monkeypatch.setattr(cli.notebooks, "folder", lambda: source)
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert cli.main(["lab", str(tmp_path / "mine"), "--no-browser", "--port", str(free_port())]) == 0
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in started["command"]
    assert "--no-browser" in started["command"]
    assert f"--ServerApp.kernel_websocket_connection_class={cli.CONNECTION}" in started["command"]
    assert started["env"]["OPENBLAS_NUM_THREADS"] == "1"
    assert (tmp_path / "mine" / "00_start_here.ipynb").exists()
    assert "3 files copied." in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="Windows ends a process without telling it")
def test_who_terminates_the_command_terminates_the_server(source, tmp_path):
    code = (
        "import sys; from pathlib import Path; from dlcourse import cli\n"
        f"cli.notebooks.folder = lambda: Path({str(source)!r})\n"
        "server = 'import os, time; print(os.getpid(), flush=True); time.sleep(60)'\n"
        "cli.lab_command = lambda *_: [sys.executable, '-c', server]\n"
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
    monkeypatch.setattr(cli.notebooks, "folder", lambda: source)
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
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda name: None)
    assert cli.main(["lab"]) == 2
    assert "JupyterLab is not installed. Install it with:" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli.notebooks, "folder", lambda: source)
    (tmp_path / "mine").write_text("a file")
    assert cli.main(["lab", str(tmp_path / "mine")]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
    assert cli.main(["lab", str(tmp_path / "mine" / "below")]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err


def test_a_folder_that_may_not_be_written(source, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli.notebooks, "folder", lambda: source)

    def refuse(self, *_arguments, **_settings):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(cli.Path, "mkdir", refuse)
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
        assert cli._find_one(name, known) == first


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
    images = re.findall(r'<img[^>]*? alt="([^"]*)"', page.read_text(encoding="utf-8"))
    assert len(images) >= 2 and list(map(html.unescape, images)) == alternatives


def test_a_page_cannot_be_written_over_a_file(tmp_path, capsys):
    (tmp_path / "pages").write_text("not a folder", encoding="utf-8")
    assert cli.main(["export", "02", "--to", str(tmp_path / "pages")]) == 2
    assert "is a file, not a folder. Choose another name: dlcourse export --to FOLDER" in capsys.readouterr().err


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
