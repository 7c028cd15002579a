"""Which notebooks were handed in, and whose they are: folders and zip files as learning platforms give them."""

import io
import json
import os
import zipfile

import pytest

from dlcourse.errors import FileFormatError, MissingFileError
from dlcourse.grading import handed_in as module
from dlcourse.grading.handed_in import handed_in
from dlcourse.learner.store import FILE


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def lay(folder, *names, content=b"book"):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def owners(*places):
    return [(work.learner, work.file) for work in handed_in([str(place) for place in places])]


def test_a_folder_of_files_a_folder_each_and_both(tmp_path):
    lay(tmp_path / "class", "ben.ipynb", "anna/02_single_neuron.ipynb", "anna/notes.txt", "cem/a/b/x.ipynb")
    assert owners(tmp_path / "class") == [
        ("ben", "ben.ipynb"), ("anna", "anna/02_single_neuron.ipynb"), ("cem", "cem/a/b/x.ipynb"),
    ]  # fmt: skip


def test_folders_that_all_have_in_common_are_nobody(tmp_path):
    lay(tmp_path, "submitted/hw1/anna/02.ipynb", "submitted/hw1/ben/02.ipynb")
    assert [learner for learner, _ in owners(tmp_path)] == ["anna", "ben"]
    lay(tmp_path / "one", "anna/hw/02.ipynb", "anna/hw/03.ipynb")
    assert [learner for learner, _ in owners(tmp_path / "one")] == ["anna", "anna"]


def test_a_file_that_is_called_as_the_course_calls_it_has_its_folders_name(tmp_path):
    lay(tmp_path, "anna/02_single_neuron.ipynb", "ben/02_single_neuron.ipynb")
    assert [learner for learner, _ in owners(tmp_path / "anna", tmp_path / "ben")] == ["anna", "ben"]
    assert owners(tmp_path / "anna" / "02_single_neuron.ipynb") == [("02_single_neuron", "02_single_neuron.ipynb")]


def test_what_platforms_put_around_a_name_is_taken_off(tmp_path):
    lay(tmp_path / "moodle", "Anna Berg_4711_assignsubmission_file_/a.ipynb", "Cem Y_9_assignsubmission_file/a.ipynb")
    assert [learner for learner, _ in owners(tmp_path / "moodle")] == ["Anna Berg", "Cem Y"]
    lay(tmp_path / "canvas", "berganna_4711_889_my_answers.ipynb", "ycem_LATE_12_34_02_single_neuron.ipynb")
    assert [learner for learner, _ in owners(tmp_path / "canvas")] == ["berganna", "ycem"]


def test_zip_files_are_read_and_nothing_is_unpacked(tmp_path):
    inner = zipped(
        {"hw/02_single_neuron.ipynb": b"inside", "../../evil.ipynb": b"no way out", "__MACOSX/._a.ipynb": b""}
    )
    (tmp_path / "class.zip").write_bytes(
        zipped({"anna/a.ipynb": b"book", "ben.zip": inner, "c/.ipynb_checkpoints/a.ipynb": b""})
    )
    every = handed_in([str(tmp_path / "class.zip")])
    assert [(work.learner, work.file, work.read()) for work in every] == [
        ("anna", "anna/a.ipynb", b"book"),
        ("ben", "ben/evil.ipynb", b"no way out"),
        ("ben", "ben/hw/02_single_neuron.ipynb", b"inside"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["class.zip"]


@pytest.mark.skipif(os.name != "posix", reason="on Windows not everybody may make links")
def test_links_are_not_followed(tmp_path):
    lay(tmp_path, "secret/a.ipynb", "class/b.ipynb")
    (tmp_path / "class" / "c.ipynb").symlink_to(tmp_path / "secret" / "a.ipynb")
    (tmp_path / "class" / "d").symlink_to(tmp_path / "secret")
    assert owners(tmp_path / "class") == [("b", "b.ipynb")]


def test_what_is_too_large_or_damaged_is_kept_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    lay(tmp_path, "a.ipynb", content=b"x" * 1001)
    (tmp_path / "b.zip").write_bytes(zipped({"bomb.ipynb": b"0" * 10_000_000}))
    (tmp_path / "c.zip").write_bytes(b"PK no zip")
    whole = zipped({"d.ipynb": b"0123456789" * 50})
    (tmp_path / "d.zip").write_bytes(whole.replace(whole[40:44], b"\xff\xff\xff\xff", 1))
    (tmp_path / "e.zip").write_bytes(zipped({"f.zip": zipped({"g.zip": zipped({"deep.ipynb": b""})})}))
    said = {}
    for work in handed_in([str(tmp_path)]):
        with pytest.raises(FileFormatError) as error:
            work.read()
        said[work.learner] = str(error.value)
    assert said.keys() == {"a", "b", "c", "d", "e"}
    assert "too much" in said["a"] and "too much" in said["b"]
    assert "is not read: File is not a zip file" in said["c"] and "cannot be taken out" in said["d"]
    assert "is not read: It lies in a zip file in a zip file." in said["e"]


def test_zip_files_in_a_zip_file_are_read_up_to_a_size(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_ZIPS", 2500)
    noise = [zipped({"a.ipynb": os.urandom(1000)}) for _ in range(3)]
    (tmp_path / "all.zip").write_bytes(zipped({f"{i}.zip": content for i, content in enumerate(noise)}))
    first, second, third = handed_in([str(tmp_path / "all.zip")])
    assert len(first.read()) == len(second.read()) == 1000
    with pytest.raises(FileFormatError, match="too much to be read"):
        third.read()
    assert (third.learner, third.file) == ("2", "2.zip")


def test_the_record_beside_it_is_read_and_a_damaged_one_is_none(tmp_path):
    lay(tmp_path, "anna/a.ipynb", "ben/a.ipynb", "cem/a.ipynb")
    record = {"version": 1, "exercises": {"single_neuron": {"border": {"tries": 4}}}, "bets": {}}
    lay(tmp_path, f"anna/{FILE}", content=json.dumps(record).encode())
    lay(tmp_path, f"ben/{FILE}", content=b"{")
    tries = [work.record().exercises for work in handed_in([str(tmp_path)])]
    assert tries[0]["single_neuron"]["border"].tries == 4 and tries[1:] == [{}, {}]


def test_what_is_not_there_or_has_no_notebook_is_said(tmp_path):
    with pytest.raises(MissingFileError, match="nothing has this name"):
        handed_in([str(tmp_path / "nowhere")])
    with pytest.raises(MissingFileError, match="there is no notebook in it"):
        handed_in([str(tmp_path)])
