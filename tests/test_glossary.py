"""The glossary keeps to the lessons: each term is explained where it says, and no lesson uses one before."""

import functools
import json
import re

import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import UnknownNameError
from dlcourse.ways import glossary
from dlcourse.ways.pages import glossary_page

TERMS = glossary.terms()
EVERYDAY = {  # terms whose words also mean something else, or what everybody knows; only their explanation is checked
    "axis": "pictures and bowls have axes, too",
    "channel": "a narrow way through a ring",
    "example": "one may say “for example” and show some before it is made exact",
    "feature map": "maps of landscapes, and of the world",
    "gate": "AND and NAND are called gates, and a heading says that the gates come",
    "grid": "lines drawn on a plane",
    "kink": "a bend that is not round, before it becomes ReLU's",
    "run": "one runs a cell",
    "slice": "a cut through a landscape",
    "spread": "how far numbers are apart, before it is a root mean square",
    "state": "the state of a widget",
    "surprise": "what one feels, before it is −log p",
    "view": "what a neuron sees of the plane",
    "warm-up": "the first exercise of all",
}
EMPHASIS = {  # set in bold in a lesson as a stress, a row of a table or a button, and no term of the field
    *(
        "alone",
        "by heart",
        "curves",
        "explodes",
        "from",
        "frighten",
        "half axes",
        "late",
        "loud",
        "majority",
        "minimize",
    ),
    *(
        "miss",
        "nonlinear functions",
        "one",
        "one batch",
        "rotation",
        "share",
        "the data",
        "the loss at the start",
        "to",
    ),
    *("twin", "type", "vanishes", "validation"),
}
ASIDE = re.compile(r"<details>.*?</details>|## Further reading.*", re.DOTALL)
SILENT = re.compile(  # code, formulas, links, headings and the slides' own words, which a reader of the slides knows
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\([^)]*\.ipynb\)|^(?:Previous:|Next:|#|> \*Slides).*?$|!?\[[^\]]*\]\([^)]*\)|“[^”]*”",
    re.DOTALL | re.MULTILINE,
)


def read_lessons():
    """Paragraphs of each lesson by its number, each with the place of its cell among the markdown cells."""
    lessons = {}
    for path in notebooks.lessons():
        cells = [cell for cell in json.loads(path.read_bytes())["cells"] if cell["cell_type"] == "markdown"]
        texts = [ASIDE.sub("", "".join(cell["source"])) for cell in cells]
        lessons[notebooks.number(path)] = [
            (cell, paragraph)
            for cell, text in enumerate(texts)
            for paragraph in text.split("\n\n")
            if paragraph.strip()
        ]
    return lessons


LESSONS = read_lessons()
ORDER = list(LESSONS)


@functools.cache
def plain(text):
    """Text on one line, without the marks of bold and italics."""
    return " ".join(text.replace("*", "").split())


@functools.cache
def spoken(text):
    """What a text says in its own words, on one line."""
    return plain(SILENT.sub(" ", text))


def lessons_named(text):
    """The numbers of the lessons that a text points to: "lesson 04", "lessons 17 to 19", a link."""
    numbers = set(re.findall(r"\((\d\db?)_\w+\.ipynb\)", text))
    for phrase in re.findall(r"[Ll]essons? ((?:\d\db?(?:, | and | to | or )?)+)", text):
        numbers |= set(re.findall(r"\d\db?", phrase))
        for first, last in re.findall(r"(\d\db?) to (\d\db?)", phrase):
            numbers |= set(ORDER[ORDER.index(first) : ORDER.index(last) + 1])
    return numbers


def places(term, lessons):
    """The paragraphs of its lesson in which the words stand that explain a term."""
    words = plain(term.words)
    return [place for place, (_, text) in enumerate(lessons[term.lesson]) if words in plain(text)]


def pattern(term):
    """Finds a term's uses. Capitals count where a name would else be a common word, as He and Adam would."""
    forms = "|".join(re.escape(form) for form in (term.name, *term.also))
    named = term.name[0].isupper()
    return re.compile(rf"(?<![\w-])(?:{forms})(?:s|es)?(?![\w-])", 0 if named else re.IGNORECASE)


def early_uses(term, lessons):
    """Where a lesson uses a term before it is explained, and has not said which lesson will."""
    uses = pattern(term)
    for number in ORDER[: ORDER.index(term.lesson) + 1]:
        own, promised = number == term.lesson, False
        for place, (cell, text) in enumerate(lessons[number]):
            if own and place >= places(term, lessons)[0]:
                break
            if uses.search(spoken(text)) and not (own and cell < 2):  # title and goals announce it
                promised = promised or bool(lessons_named(text) & {term.lesson, *term.see})
                if not promised:
                    yield number, text


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_explained_where_the_glossary_says_and_used_no_earlier(term):
    assert len(places(term, LESSONS)) == 1, f"lesson {term.lesson} should say once: {term.words}"
    if term.name not in EVERYDAY:
        assert list(early_uses(term, LESSONS)) == []
    assert all(ORDER.index(later) > ORDER.index(term.lesson) for later in term.see)


def test_an_early_use_is_noticed_and_a_promise_is_kept_in_mind():
    (momentum,) = (term for term in TERMS if term.name == "momentum")
    early = dict(LESSONS)
    early["03"] = [*LESSONS["03"], (9, "Then take momentum, and see.")]
    assert list(early_uses(momentum, early)) == [("03", "Then take momentum, and see.")]
    early["03"] = [*LESSONS["03"], (9, "Momentum waits for lessons 17 to 19."), (9, "Then take momentum, and see.")]
    assert list(early_uses(momentum, early)) == []
    early["18"] = [(0, "This is *momentum*."), (2, "Take momentum."), *LESSONS["18"]]
    assert list(early_uses(momentum, early)) == [("18", "Take momentum.")]


def test_what_is_called_everyday_or_stressed_is_still_needed():
    names = {term.name for term in TERMS}
    assert set(EVERYDAY) <= names
    needless = [name for name in EVERYDAY if not list(early_uses(next(t for t in TERMS if t.name == name), LESSONS))]
    assert needless == []


def test_every_word_that_a_lesson_sets_in_bold_is_in_the_glossary():
    known = {form for term in TERMS for form in (term.name.lower(), *(name.lower() for name in term.also))}
    known |= {f"{form}{ending}" for form in known for ending in ("s", "es")}
    bold = {}
    for number, paragraphs in LESSONS.items():
        for _, text in paragraphs:
            for phrase in re.findall(r"\*\*([a-zα-ω][\w -]*)\*\*", SILENT.sub(" ", text)):
                bold.setdefault(phrase, number)
    assert {phrase: number for phrase, number in bold.items() if phrase not in known | EMPHASIS} == {}
    assert set(bold) >= EMPHASIS


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_sentence_is_one_plain_sentence(term):
    assert term.means.endswith(".") and term.means[0] not in " *"
    assert 20 <= len(term.means) <= 220
    assert not re.search(r"\b(simply|just|obviously|clearly)\b|[!*`]|\.\s+[A-Z]", term.means.rpartition(".")[0])


def test_there_are_enough_and_no_word_means_two_things():
    assert len(TERMS) >= 120
    forms = [form.casefold() for term in TERMS for form in (term.name, *term.also)]
    assert len(forms) == len(set(forms))


def test_a_learner_looks_words_up():
    assert repr(dl.glossary("Epochs")) == "epoch (lesson 06): One pass of training through all training examples."
    assert dl.glossary("BatchNorm").name == "batch normalization"
    assert dl.glossary("max pool").name == "max pooling"
    several = dl.glossary("data")
    assert [term.name for term in several] == ["test data", "training data", "validation data"]
    assert repr(several).splitlines() == [repr(term) for term in several]
    assert [term.name for term in dl.glossary()] == sorted((term.name for term in TERMS), key=str.casefold)
    with pytest.raises(UnknownNameError, match=r"no 'momentun'\. Did you mean 'momentum'\?"):
        dl.glossary("momentun")
    with pytest.raises(UnknownNameError, match=r"dl\.glossary\(\) lists all words"):
        dl.glossary("xyzzy")


def test_the_stored_page_is_the_one_that_the_terms_make():
    path = notebooks.folder() / "glossary.ipynb"
    assert path.read_text(encoding="utf-8") == glossary_page(), "dlcourse refresh writes the glossary anew"
    text = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"])
    for term in TERMS:
        assert f"**{term.name}**" in text and term.means in text
    for number, name in re.findall(r"\[(\d\db?)[^\]]*\]\(([^)]+)\)", text):
        assert name.startswith(f"{number}_") and (path.parent / name).is_file()
