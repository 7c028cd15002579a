"""`dl.review`: which questions come, when they come again, and that nothing goes wrong with the file."""

import json
import shutil
import subprocess
import sys

import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.learner import record as records
from dlcourse.learner.record import Bet, Record, Reviewed
from dlcourse.learner.store import FILE, note, read
from dlcourse.reviews import offer
from dlcourse.reviews.question import Question, lessons
from dlcourse.reviews.schedule import DAYS, Due, due
from dlcourse.reviews.words import as_html

EVERY = {lesson.number: lesson for lesson in lessons()}
TODAY = "2026-11-27"


@pytest.fixture(autouse=True)
def a_fresh_session(monkeypatch):
    monkeypatch.setattr(offer, "_session", Record())
    on(monkeypatch, TODAY)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A learner's folder, in which the kernel runs."""
    for number in ("01", "02", "05"):
        shutil.copy(notebooks.folder() / EVERY[number].file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(notebooks.RECORD, raising=False)
    return tmp_path


def on(monkeypatch, day):
    for module in (records, offer):
        monkeypatch.setattr(module, "today", lambda: day)


def names(review):
    return [f"{one.lesson.number} {one.question.name}" for one in review.questions]


def offered(record, before="05", day=TODAY):
    earlier = lessons()[: [*EVERY].index(before)]
    return [f"{one.lesson.number} {one.question.name}" for one in due(record, earlier, day)]


def bet(number, name, choice=None, day="2026-11-20"):
    """The bet of a lesson as a record has it: lost, unless `choice` is True."""
    question = next(one for one in EVERY[number].questions if one.name == name)
    lost = next(one for one in question.choices if one != question.answer)
    return question.asks, Bet(question.answer if choice else lost, question.answer, day)


def test_without_a_record_they_are_of_the_lesson_before(folder):
    assert names(dl.review("05")) == ["04b 60 updates", "04b balls", "04b plane"]
    assert names(dl.review(1)) == ["00 E", "00 widths", "00 nothing"] == names(dl.review())
    assert names(dl.review("00")) == [] and "No question" in repr(dl.review("00"))
    assert not (folder / FILE).exists(), "to look is not to be asked"


def test_what_was_lost_most_comes_first_then_what_waits_longest_then_what_is_new():
    record = Record(
        bets=dict(
            [
                bet("01", "wave"),
                bet("02", "XOR"),
                bet("03", "rings", True),
                bet("03", "three units", True, "2026-11-25"),
            ]
        ),
        reviews={"single_neuron": {"XOR": Reviewed(1, "2026-11-25", 0, 1)}},
    )
    assert offered(record)[:4] == ["02 XOR", "01 wave", "03 rings", "03 three units"]
    new = offered(record)[4:]
    assert new[:3] == ["04b 60 updates", "04b balls", "04b plane"] and "02 count" in new
    assert not [one for one in new if one.startswith("04 ")], "04 was never begun, and is not the lesson before"


def test_a_bet_of_today_does_not_come_today():
    record = Record(bets=dict([bet("04b", "balls", day=TODAY)]))
    assert "04b balls" not in offered(record) and "04b balls" in offered(record, day="2026-11-28")


@pytest.mark.parametrize(("came", "wait"), [(False, 1), (True, 2)])
def test_a_bet_is_the_first_answer(came, wait):
    record = Record(bets=dict([bet("04b", "balls", came, "2026-11-10")]))
    days = [day for day in range(10, 20) if "04b balls" in offered(record, day=f"2026-11-{day}")]
    assert days[0] == 10 + wait


def test_the_days_are_those_that_help_promises():
    assert DAYS == {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}
    assert "after 2, 4, 8 and 16 days, a wrong one on the next day" in " ".join(dl.review.__doc__.split())


@pytest.mark.parametrize("box", DAYS)
def test_a_question_waits_as_long_as_its_box_says(box):
    record = Record(reviews={"egg_carton": {"balls": Reviewed(box, "2026-11-01", 1, 0)}})
    days = [day for day in range(1, 31) if "04b balls" in offered(record, day=f"2026-11-{day:02d}")]
    assert days[0] == 1 + DAYS[box] and len(days) == 31 - days[0]


def test_right_moves_it_on_and_wrong_back_to_the_first_box(folder, monkeypatch):
    day, boxes = 1, []
    for choice in ("none", "none", "none", "none", "none", "about 67", "none"):
        on(monkeypatch, f"2027-01-{day:02d}" if day < 32 else f"2027-02-{day - 31:02d}")
        monkeypatch.setattr(offer, "_session", Record())
        (place,) = [str(i) for i, name in enumerate(names(dl.review("05"))) if name == "04b balls"]
        review = dl.review("05")
        review.given(place, "")
        review.given(place, choice)
        boxes.append(read(folder).reviews["egg_carton"]["balls"].box)
        day += DAYS[boxes[-1]]
    assert boxes == [2, 3, 4, 5, 5, 1, 2]
    entry = read(folder).reviews["egg_carton"]["balls"]
    assert (entry.right, entry.wrong) == (6, 1)


def test_never_twice_on_the_same_day_whether_it_was_answered_skipped_or_only_seen(folder, monkeypatch):
    first = dl.review("05")
    for place, choice in (("0", "it rises somewhere"), ("1", "")):
        first.given(place, "")
        first.given(place, choice) if choice else None
    assert names(dl.review("05")) == ["04b plane"] and names(dl.review()) == ["04b plane"]
    monkeypatch.setattr(offer, "_session", Record())  # another kernel
    assert names(dl.review("05")) == ["04b plane"]
    on(monkeypatch, "2026-11-28")
    assert names(dl.review("05"))[:1] == ["04b balls"], "skipped: tomorrow; right: the day after"


@pytest.mark.parametrize("why", ["switched off", "no lessons here", "may not be written"])
def test_without_a_file_the_session_knows(folder, monkeypatch, why):
    if why == "switched off":
        note(lambda record: record.placed(*bet("01", "wave")[:1], "line", "network"))
        monkeypatch.setenv(notebooks.RECORD, "off")
    elif why == "no lessons here":
        [lesson.unlink() for lesson in folder.glob("*.ipynb")]
    else:
        (folder / FILE).mkdir()
    before = sorted(folder.iterdir())
    review = dl.review("05")
    assert names(review) == ["04b 60 updates", "04b balls", "04b plane"]
    review.given("0", "it rises somewhere")
    assert names(dl.review("05")) == ["04b balls", "04b plane"]
    assert [one for one in sorted(folder.iterdir()) if one not in before and not one.name.endswith(".lock")] == []


@pytest.mark.parametrize(
    "content", [b"{", b"null", b'{"version": 1, "reviews": {"egg_carton": 3}}', b'{"version": 99}']
)
def test_a_damaged_file_disturbs_nothing(folder, content):
    (folder / FILE).write_bytes(content)
    review = dl.review("05")
    assert names(review)[0] == "04b 60 updates"
    review.given("0", "it rises somewhere")
    if b"99" in content:
        assert (folder / FILE).read_bytes() == content
    else:
        assert read(folder).reviews["egg_carton"]["60 updates"].right == 1


@pytest.mark.parametrize("day", ["", "soon", "2026-13-45", "2031-01-01"])
def test_a_day_that_cannot_be_is_long_ago(day):
    record = Record(
        bets=dict([bet("04b", "balls", day=day)]), reviews={"egg_carton": {"plane": Reviewed(9, day, 1, 0)}}
    )
    assert offered(record)[0] == "04b balls" and "04b plane" in offered(record)


def test_an_older_file_without_reviews_is_read_and_keeps_all(folder):
    note(lambda record: record.placed(*bet("01", "wave")[:1], "line", "network"))
    plain = json.loads((folder / FILE).read_bytes())
    del plain["reviews"]
    (folder / FILE).write_text(json.dumps(plain))
    dl.review("05").given("0", "it rises somewhere")
    assert len(read(folder).bets) == 1 and read(folder).reviews["egg_carton"]["60 updates"].right == 1


KERNEL = "import dlcourse as dl\nfor place in '012':\n    dl.review('{}').given('0', '')"


def test_several_kernels_at_once_lose_nothing(folder):
    kernels = [subprocess.Popen([sys.executable, "-c", KERNEL.format(n)], cwd=folder) for n in ("02", "03", "05")]
    assert [kernel.wait(60) for kernel in kernels] == [0, 0, 0]
    reviews = read(folder).reviews
    assert {module: len(of) for module, of in reviews.items()} == {
        "supervised_learning": 3, "single_neuron": 3, "egg_carton": 3,
    }  # fmt: skip


def test_without_a_kernel_it_is_one_line_that_unfolds_and_the_answers_are_folded(folder):
    data, about = dl.review("05")._repr_mimebundle_()
    page = data["text/html"]
    assert page.startswith("<details><summary>Before you begin: three questions from earlier lessons</summary>")
    assert page.count("<details") == page.count("</details>") == 4 and " open" not in page and about
    assert '<a href="04b_egg_carton.ipynb">04b · Egg carton in 1 million dimensions</a>' in page
    answers = page.split("<summary>Answer</summary>")
    assert "<strong>it rises somewhere</strong>" in answers[1] and "jumps" not in answers[0]
    assert "application/vnd.jupyter.widget-view+json" not in data, "no view where no kernel shows it"


def test_what_is_asked_is_written_as_text_and_not_as_html():
    question = Question("a", "Is 1 < 2 & 3?", "<b>?", ("<i>", "no"), "<i>", "1 < 2.")
    page = as_html("<u>", [Due(EVERY["01"], question, 1, 0, -1)])
    assert "Is 1 &lt; 2 &amp; 3? <strong>&lt;b&gt;?</strong>" in page
    assert not any(mark in page for mark in ("<b>", "<i>", "<u>"))


@pytest.mark.parametrize("before", ["5", "24b", 99, "", "egg_carton", None])
def test_a_lesson_that_is_none_is_refused_and_none_means_all(before):
    if before is None:
        assert names(dl.review(None)) == names(dl.review())
        return
    with pytest.raises(dl.errors.ArgumentError, match=r"review: there is no lesson"):
        dl.review(before)
