"""What must not be in the repository, and what must."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.cases import every

ROOT = Path(__file__).parent.parent
TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".cff", ".txt", ".js", ".css", ".ipynb", ".cfg", ".json", ""}


def tracked():
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return []
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


FILES = [path for path in tracked() if path.suffix in TEXT and path != Path(__file__)]


@every("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_path_of_a_machine_no_conflict_no_carriage_return(path):
    text = path.read_bytes().decode("utf-8")
    for pattern in (r"/home/\w", r"/Users/\w", r"/root/\w", r"/tmp/\w", r"/work/\w", r"C:\\\\?Users", r"\.pyenv\b"):
        assert not re.search(pattern, text), pattern
    assert not re.search(r"^(<<<<<<< |>>>>>>> )", text, re.MULTILINE)
    assert "\r" not in text
    assert not text or text.endswith("\n")


@every("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_emoji(path):
    assert not re.search("[\U0001f300-\U0001faff\u2705\u274c\u2728]", path.read_text(encoding="utf-8"))


def test_nothing_large_and_nothing_made_by_a_tool_is_stored():
    for path in tracked():
        assert path.stat().st_size <= 1_500_000, path
        assert not {"__pycache__", ".ipynb_checkpoints", ".venv", "my_lessons"} & set(path.parts), path


def test_the_readme_is_short_and_its_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 150
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith(("http", "mailto:")):
            assert (ROOT / target).exists(), target


def test_every_lesson_has_a_row_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in (ROOT / "lessons").glob("*.ipynb"):
        assert f"lessons/{lesson.name}" in text


def test_scripts_may_be_executed():
    for name in (".ci/run", "binder/postBuild", "binder/start"):
        assert (ROOT / name).read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
        if (ROOT / ".git").exists() and shutil.which("git"):
            mode = subprocess.run(["git", "ls-files", "-s", name], cwd=ROOT, capture_output=True, text=True, check=True)
            assert mode.stdout.startswith("100755"), name


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_name_each_action_by_its_hash_and_may_only_read(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 60, name
        assert set(job.get("permissions", {})) <= {"id-token", "pages"} and job.get("permissions") != "write-all", name
    used = re.findall(r"uses: *(.*)", path.read_text(encoding="utf-8"))
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
