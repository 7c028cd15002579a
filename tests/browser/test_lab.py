"""What somebody sees first who types `dlcourse lab`."""

import os
import re
import subprocess
import sys
import time

import pytest

from dlcourse import notebooks

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path):
    """The address of a server that `dlcourse lab` has started for somebody who has no settings of JupyterLab yet."""
    log = tmp_path / "log"
    environment = os.environ | {"HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    environment = {name: value for name, value in environment.items() if not name.startswith("JUPYTER")}
    command = [sys.executable, "-m", "dlcourse.cli", "lab", str(tmp_path / "mine"), "--no-browser"]
    with log.open("wb") as file:
        lab = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=file, stderr=file)
    try:
        for _ in range(600):
            started = re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", log.read_text())
            if started or lab.poll() is not None:
                break
            time.sleep(0.1)
        assert started, log.read_text()
        yield started.group()
    finally:
        lab.terminate()
        lab.wait(30)


def test_lesson_00_is_open_and_nobody_is_asked_anything(browser, address):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_role("heading", name="00 · Start here").wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    contents = page.locator(".jp-TableOfContents:visible .jp-tocItem-content")
    contents.filter(has_text="Now you").wait_for(timeout=20_000)  # the lesson's headings are at hand
    page.get_by_role("tab", name="File Browser").click()
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "attachment:"))] == []
    names = page.locator(".jp-DirListing-itemText span").evaluate_all(
        "(all) => all.map((e) => [e.textContent, e.parentElement.clientWidth / e.scrollWidth])"
    )
    shown = {name: share for name, share in names if name.endswith(".ipynb")}
    assert set(shown) == {"glossary.ipynb", *(lesson.name for lesson in notebooks.lessons())}
    assert min(shown.values()) > 0.8, shown  # one can read which lesson it is
    context.close()


def test_a_narrow_window_begins_with_the_lesson_alone(browser, address):
    context = browser.new_context(viewport={"width": 420, "height": 800})
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.get_by_role("heading", name="00 · Start here").wait_for(timeout=60_000)
    page.locator(".jp-TableOfContents:visible").wait_for(state="hidden", timeout=20_000)
    assert page.locator(".jp-Notebook:visible").bounding_box()["width"] > 300
    page.get_by_role("tab", name="Table of Contents").click()  # and comes back when it is wanted
    page.locator(".jp-TableOfContents:visible .jp-tocItem-content").filter(has_text="Now you").wait_for(timeout=20_000)
    assert complaints == []
    context.close()
