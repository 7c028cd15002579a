"""What Sphinx is given to make the site of: lessons with their pictures taken out, and a list of all public names."""

import hashlib
import html
import json
import re
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import dlcourse
from dlcourse import cli, notebooks
from dlcourse.site import course_map, lite
from dlcourse.site.lessons import LIVE, LIVE_HERE, prepared
from dlcourse.site.sources import GROUPS, REPOSITORY, pages
from dlcourse.site.wheels import course_wheel, locked, needed_packages, normal
from dlcourse.ways.contents import contents
from dlcourse.ways.course_map import BUILDS_ON

LESSONS = notebooks.lessons(Path(__file__).parents[1] / "lessons")
PICTURE = re.compile(r'<img src="\.\./_pictures/([0-9a-f]+\.png)" alt="([^"]*)"')


def texts_of(cell):
    """What of a prepared cell is shown as Markdown or HTML."""
    yield "".join(cell["source"])
    for output in cell.get("outputs", []):
        assert "image/png" not in output.get("data", {})
        yield "".join(output.get("data", {}).get("text/html", ""))


def test_the_reference_lists_every_public_name_once():
    modules = {name for name in dlcourse.__all__ if isinstance(getattr(dlcourse, name), type(dlcourse))}
    listed = " ".join(GROUPS.values()).split()
    assert sorted(listed) == sorted(set(dlcourse.__all__) - modules)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_picture_is_a_file_with_a_sentence_and_the_rest_stays(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    lesson = prepared(json.loads(path.read_text(encoding="utf-8")), "../_pictures")
    texts = [text for cell in lesson.notebook["cells"] for text in texts_of(cell)]
    assert not any("attachment:" in text for text in texts)
    shown = [match for text in texts for match in PICTURE.findall(text)]
    assert {name for name, _ in shown} == set(lesson.pictures)
    assert all(picture.startswith(b"\x89PNG") for picture in lesson.pictures.values())
    outputs = [
        output for cell in book["cells"] for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    attached = [cell for cell in book["cells"] if cell.get("attachments")]
    assert len(shown) == len(outputs) + len(attached)
    assert all(len(sentence) > 20 for _, sentence in shown)
    assert [
        cell["source"] for cell in lesson.notebook["cells"] if cell not in attached and cell["cell_type"] == "code"
    ] == [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]


def test_html_that_leads_to_a_notebook_leads_to_its_page():
    output = {"output_type": "display_data", "data": {"text/html": ['From <a href="19_losses.ipynb">', "19</a>."]}}
    prepared({"cells": [{"cell_type": "code", "source": "dl.review()", "outputs": [output]}]}, "../_pictures")
    assert output["data"]["text/html"] == 'From <a href="19_losses.html">19</a>.'


def test_the_map_links_to_every_lesson_and_says_what_each_builds_on():
    page = course_map.page()
    boxes = re.findall(
        r'<a href="lessons/(\w+)\.html" [^>]*><small>(\d+) min</small><b>(\w+)</b><span>(.*?)</span></a>', page
    )
    known = contents()
    assert [(f"{name}.ipynb", int(minutes), number) for name, minutes, number, _ in boxes] == [
        (lesson.file, lesson.minutes, lesson.number) for lesson in known
    ]
    assert [html.unescape(title).replace("\xad", "") for *_, title in boxes] == [lesson.title for lesson in known]
    assert page.count("<path ") == page.count("<i ") == sum(map(len, BUILDS_ON.values()))
    for lesson in known:
        (row,) = re.findall(
            rf"^\| \[{lesson.number} · .*?\]\(lessons/{lesson.file}\) \| {lesson.minutes} \| (.*) \|$", page, re.M
        )
        assert tuple(re.findall(r"\[(\w+)\]", row)) == BUILDS_ON[lesson.number]
    assert "\n\n" not in page[page.index("<nav") : page.index("</nav>")]  # Markdown would end the HTML there


def test_the_first_page_says_where_the_repository_is_and_fetches_no_badge(monkeypatch):
    monkeypatch.setenv(REPOSITORY, "ada/course")
    first = pages(LESSONS[0].parents[1])["index.md"].decode()
    assert "git+https://github.com/ada/course" in first and "OWNER" not in first and "badge.svg" not in first


def test_who_lacks_sphinx_is_told_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["site", "--to", str(tmp_path / "site")]) == 2
    assert 'pip install "dlcourse[site]"' in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


# ------------------------------------------------------------------------------------------------------ JupyterLite


def entry(name, file, depends=()):
    return {
        "name": name,
        "version": "1.0",
        "file_name": file,
        "sha256": "of theirs",
        "depends": list(depends),
        "imports": [name],
    }


LOCK = {
    "info": {"python": "3.14.2"},
    "packages": {
        "numpy": entry("numpy", "numpy-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"),
        "Stack_Data": entry("Stack_Data", "stack_data-1.0-py3-none-any.whl"),
        "ipython": entry("ipython", "ipython-1.0-py3-none-any.whl", ["stack-data"]),
        "pandas": entry("pandas", "pandas-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl", ["numpy"]),
    },
}


def a_wheel(folder, name, *files):
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file in files:
            archive.writestr(file, "")
    return folder / name


def test_what_is_pure_python_lies_in_the_site_and_the_rest_is_where_pyodide_is(tmp_path):
    wheels = [
        a_wheel(tmp_path, "ipython-1.0-py3-none-any.whl", "IPython/__init__.py"),
        a_wheel(
            tmp_path, "anywidget-2.0-py3-none-any.whl", "anywidget/__init__.py", "anywidget-2.0.dist-info/METADATA"
        ),
    ]
    made = locked(LOCK, wheels, {"anywidget": ["ipython"]}, "https://elsewhere", [path.name for path in wheels])[
        "packages"
    ]
    assert made["numpy"]["file_name"] == "https://elsewhere/numpy-1.0-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
    assert made["numpy"]["sha256"] == "of theirs"
    assert made["ipython"]["file_name"] == "ipython-1.0-py3-none-any.whl" and made["ipython"]["depends"] == [
        "stack-data"
    ]
    assert made["ipython"]["sha256"] == hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    assert made["anywidget"]["imports"] == ["anywidget"] and made["anywidget"]["depends"] == ["ipython"]
    assert LOCK["packages"]["ipython"]["sha256"] == "of theirs"
    assert [package["name"] for package in needed_packages(LOCK, ["IPython"])] == ["ipython", "Stack_Data"]


def test_the_wheel_of_the_course_has_all_but_the_lessons_and_the_same_bytes_each_time():
    package = Path(dlcourse.__file__).parent
    name, content = course_wheel(package, dlcourse.__version__)
    assert (name, content) == course_wheel(package, dlcourse.__version__)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        assert (
            f"Version: {dlcourse.__version__}"
            in archive.read(f"dlcourse-{dlcourse.__version__}.dist-info/METADATA").decode()
        )
    assert {"dlcourse/__init__.py", "dlcourse/live/canvas.js", "dlcourse/live/canvas.css"} <= names
    assert not any("_lessons" in name or "__pycache__" in name for name in names)


def test_in_a_browser_the_course_needs_what_its_own_metadata_say():
    project = tomllib.loads((LESSONS[0].parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = map(Requirement, project["dependencies"])
    there = [
        part.name for part in needed if part.marker is None or part.marker.evaluate({"sys_platform": "emscripten"})
    ]
    assert sorted(map(normal, there)) == sorted(lite.DEPENDS["dlcourse"])


def test_a_lesson_leads_to_itself_in_jupyterlite():
    path = next(path for path in LESSONS if path.stem == "02_single_neuron")
    plain, linked = (
        prepared(json.loads(path.read_text(encoding="utf-8")), "../_pictures", run)
        for run in ("", lite.lesson_address(path.name, "../"))
    )
    first = linked.notebook["cells"][0]["source"]
    assert first.startswith("# 02") and 'href="../lite/lab/index.html?path=02_single_neuron.ipynb"' in first
    assert "Run in the browser" not in json.dumps(plain.notebook) and LIVE in json.dumps(plain.notebook)
    assert LIVE_HERE in json.dumps(linked.notebook) and LIVE not in json.dumps(linked.notebook)


def test_who_lacks_jupyterlite_or_npm_is_told_what_brings_it(monkeypatch, capsys, tmp_path):
    command = ["site", "--to", str(tmp_path / "site"), "--lite", str(tmp_path / "kept")]
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name.startswith("jupyterlite") else name)
    assert cli.main(command) == 2
    assert 'pip install "dlcourse[site]"' in capsys.readouterr().err
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert cli.main(command) == 2
    assert "npm" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
