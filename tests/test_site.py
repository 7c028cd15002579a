"""What Sphinx is given to make the site of: lessons with their pictures taken out, and a list of all public names."""

import json
import re
from pathlib import Path

import pytest

import dlcourse
from dlcourse import cli, notebooks
from dlcourse.site.lessons import prepared
from dlcourse.site.sources import GROUPS

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


def test_who_lacks_sphinx_is_told_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert cli.main(["site", "--to", str(tmp_path / "site")]) == 2
    assert 'pip install "dlcourse[site]"' in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
