"""Browser tests that share what was prepared run in one process, whatever pytest and pytest-xdist do with their marks."""

import os
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

BROWSER = Path(__file__).parent / "browser"
LESSONS = """
import os, pytest
@pytest.mark.parametrize("lesson", ["01_a", "02_b", "12b_c"])
def test_lesson(lesson, record_property):
    record_property("worker", os.environ["PYTEST_XDIST_WORKER"])
"""
OF_ONE = """
import os, pytest
@pytest.mark.parametrize("number", range(4))
def test_widget(number, record_property):
    record_property("worker", os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_lesson_is_run_by_one_process_and_the_site_is_built_by_one(tmp_path):
    (tmp_path / "conftest.py").write_text("from together import pytest_xdist_make_scheduler\n")
    (tmp_path / "test_lessons.py").write_text(LESSONS)
    for name in ("test_lesson_01", "test_lesson_02", "test_site", "test_live"):
        (tmp_path / f"{name}.py").write_text(OF_ONE)
    arguments = "-m pytest -p no:cacheprovider -p no:nbval -n 2 --dist loadgroup --junitxml=report.xml ."
    places = os.pathsep.join(filter(None, [str(BROWSER), os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONPATH": places}
    subprocess.run([sys.executable, *arguments.split()], cwd=tmp_path, env=environment, check=True, capture_output=True)
    ran = {}
    for case in xml.parse(tmp_path / "report.xml").iter("testcase"):
        lesson = case.get("name").partition("[")[2][:2] if "lessons" in case.get("classname") else ""
        group = f"test_lesson_{lesson}" if lesson else case.get("classname")
        ran.setdefault(group, []).append(case.find("properties/property").get("value"))
    assert sum(map(len, ran.values())) == 19
    for group in ("test_lesson_01", "test_lesson_02", "test_site"):
        assert len(set(ran[group])) == 1, group
    assert len(set(sum(ran.values(), []))) == 2
