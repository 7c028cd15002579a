"""The course as a site: built from the stored lessons, whole without a network, and readable by everybody."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from dlcourse import notebooks
from dlcourse.site.sources import GROUPS

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
LESSONS = notebooks.lessons(ROOT / "lessons")
ELSEWHERE = (
    "https://mybinder.org/v2/gh/OWNER/dlcourse/main?urlpath=lab/tree",
    "https://colab.research.google.com/github/OWNER/dlcourse/blob/main",
)
SEEN_CLOSELY = (
    "index.html",
    "map.html",
    "lessons/15_activations.html",
    "lessons/07_when_things_get_intense.html",
    "reference/names/dlcourse.Conv2D.html",
)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site, and how many times Sphinx warned."""
    pytest.importorskip("sphinx", reason='the site was not tested: pip install ".[site]" brings Sphinx')
    from dlcourse.site.build import build

    folder = tmp_path_factory.mktemp("site")
    return folder, build(folder, ROOT)


@pytest.fixture
def reader(browser, site):
    """A function that opens a page from the folder, where nobody else answers; its page and what it asked others for."""
    contexts = []

    def open_it(path, width=1280, dark=False):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
        )
        contexts.append(context)
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((site[0] / path).as_uri(), wait_until="load")
        return page, lambda: [address for address in asked if not address.startswith(("file:", "data:"))]

    yield open_it
    for context in contexts:
        context.close()


class Links(HTMLParser):
    """What a page points at, and the names in it that can be pointed at."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.names = [], {""}
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        self.targets += [at[name] for name in ("href", "src") if at.get(name)]
        self.names.add(at.get("id"))


def broken(folder):
    """Every link inside the site that leads nowhere, with the page it is on."""
    pages = {page.resolve(): Links(page) for page in folder.rglob("*.html") if "_static" not in page.parts}
    lost = []
    for page, links in pages.items():
        for target in links.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not file.exists() or (file in pages and unquote(parts.fragment) not in pages[file].names):
                lost.append((page.name, target))
    return lost


def test_every_lesson_and_every_name_has_its_page_and_nothing_warns(site):
    folder, warnings = site
    assert warnings == 0
    assert {path.stem for path in (folder / "lessons").glob("*.html")} == {
        path.stem for path in (ROOT / "lessons").glob("*.ipynb")
    }
    for path in LESSONS:
        assert (folder / "_sources" / "lessons" / path.name).read_bytes() == path.read_bytes()  # what is downloaded
        targets = Links(folder / "lessons" / f"{path.stem}.html").targets
        for place in ("../_sources", *ELSEWHERE):
            assert targets.count(f"{place}/lessons/{path.name}") == 1, place
    for name in " ".join(GROUPS.values()).split():
        assert list((folder / "reference" / "names").glob(f"dlcourse.{name}*.html")), name
    names = [path.name.lower() for path in folder.rglob("*.html") if path.parent.name == "names"]
    assert len(names) == len(set(names))  # some disks take GRU and gru for one


def test_every_link_leads_somewhere(site, tmp_path):
    assert broken(site[0]) == []
    (tmp_path / "a.html").write_text('<p id="here"><a href="b.html"></a><a href="#there"></a><a href="#here"></a>')
    assert broken(tmp_path) == [("a.html", "b.html"), ("a.html", "#there")]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("dark", [False, True])
def test_it_reads_well_in_every_window_and_asks_nobody(reader, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for path in SEEN_CLOSELY:
        page, asked = reader(path, width, dark)
        assert page.evaluate("document.documentElement.dataset.theme") == ("dark" if dark else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        words = page.locator("article").inner_text()
        assert "$" not in words and "\\frac" not in words
        for picture in page.locator("article img").all():
            if picture.is_visible():
                picture.scroll_into_view_if_needed()
                assert picture.evaluate("(i) => i.decode().then(() => i.naturalWidth)") > 400
        faults = [fault for fault in axe.run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
        assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults] == [], path
        assert asked() == []


def test_a_word_is_found_and_a_reader_goes_on_to_the_next_lesson(reader):
    page, asked = reader("search.html")
    page.locator("input[type=search]:visible").first.fill("dropout")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.wait_for(timeout=20_000)
    page, _ = reader("lessons/00_start_here.html")
    page.locator("a.right-next").click()
    page.wait_for_url("**/01_supervised_learning.html")
    assert page.locator("math").count() >= 1
    assert asked() == []
