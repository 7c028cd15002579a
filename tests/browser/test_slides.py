"""Widgets in the slides of jupyterlab-rise: Jupyter's widget manager is loaded into a page without JupyterLab's console.

The page here has all that the manager asks for, but nothing behind it: so this needs no jupyterlab-rise.
"""

import json
import mimetypes
from pathlib import Path

import pytest

from dlcourse.cli.lab import JUPYTER

pytestmark = pytest.mark.browser

MANAGER = "@jupyter-widgets/jupyterlab-manager"
SITE = "http://slides.test/"
OURS = "ours/"

LOAD = """async ([manager, load, ours, missing]) => {
    const script = (address) => new Promise((resolve, reject) => {
        const one = Object.assign(document.createElement('script'), { src: address, onload: resolve, onerror: reject })
        document.head.append(one)
    })
    const anything = new Proxy(function () {}, {  // it can be called, built on and asked for whatever one likes
        get: (target, name) => name === 'prototype' ? target.prototype : name === 'then' ? undefined : anything,
        apply: () => anything, construct: () => ({}),
    })
    const own = (target, name) => {
        const wanted = typeof name === 'string' && /^@(jupyterlab|lumino)\\//.test(name) && name !== missing
        if (wanted) target[name] ??= { '9.0.0': { get: async () => () => anything, from: 'page', eager: false } }
        return Reflect.getOwnPropertyDescriptor(target, name)
    }
    const shared = new Proxy({}, { getOwnPropertyDescriptor: own, get: (target, name) => own(target, name)?.value })
    window._JUPYTERLAB = {}
    await script(load)
    if (ours) await script(ours)
    for (const one of Object.values(window._JUPYTERLAB)) await one.init(shared)
    const versions = Object.keys(shared['@jupyterlab/console'] ?? {})
    try { (await window._JUPYTERLAB[manager].get('./extension'))() } catch (error) { return [String(error), versions] }
    return ['loaded', versions]
}"""


@pytest.fixture(scope="module")
def loaded(browser):
    """A function that loads the widget manager of this environment: what came of it, and which consoles are offered."""
    jupyter_core = pytest.importorskip("jupyter_core.paths")
    places = [Path(place) / "labextensions" / MANAGER for place in jupyter_core.jupyter_path()]
    folder = next(place for place in places if place.is_dir())
    load = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]["load"]
    ours = JUPYTER / "labextensions" / "dlcourse-slides"
    ours_load = json.loads((ours / "package.json").read_text())["jupyterlab"]["_build"]["load"]

    def serve(route):
        path = route.request.url.removeprefix(SITE).split("?")[0]
        file = ours / path.removeprefix(OURS) if path.startswith(OURS) else folder / path
        if path:
            return route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(path)[0])
        return route.fulfill(body="<title>slides</title>", content_type="text/html")

    def load_it(*, with_ours, without=""):
        page = browser.new_page()
        page.route(SITE + "**", serve)
        page.goto(SITE)
        came = page.evaluate(LOAD, [MANAGER, SITE + load, SITE + OURS + ours_load if with_ours else "", without])
        page.close()
        return came

    return load_it


def test_without_a_console_in_the_page_the_widget_manager_is_loaded_with_ours_alone(loaded):
    came, _ = loaded(with_ours=False, without="@jupyterlab/console")
    assert "@jupyterlab/console" in came, "this Jupyter needs no stand-in any more: slides.js may go"
    assert loaded(with_ours=True, without="@jupyterlab/console") == ["loaded", ["0.0.0"]]


def test_a_console_that_the_page_has_stays_the_newest(loaded):
    assert loaded(with_ours=True) == ["loaded", ["9.0.0", "0.0.0"]]
    assert loaded(with_ours=False) == ["loaded", ["9.0.0"]]
