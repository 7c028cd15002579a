"""MinibatchFan and BatchRace: the law is measured, the arrows are real minibatch gradients, the race is a real one."""

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.exercises.sgd_and_minibatch import BETS
from dlcourse.live.widget import Pointer
from dlcourse.widgets import BatchRace, MinibatchFan
from dlcourse.widgets.sgd_and_minibatch.numbers import ARROWS, samples
from dlcourse.widgets.sgd_and_minibatch.race import RUNNERS
from dlcourse.widgets.sgd_and_minibatch.training import EXAMPLES, examples, trained

BOOK = notebooks.read("test", notebooks.folder() / "06_sgd_and_minibatch.ipynb")
LESSON = "\n".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")


def gradient(model, x, y):
    model.zero_grad()
    dl.cross_entropy(model(x), y).backward()
    return np.concatenate([p.grad.ravel() for p in model.parameters()]).astype(float)


@pytest.mark.parametrize("stage", ["fresh", "after 1 epoch", "after 30 epochs"])
def test_an_arrow_is_the_gradient_that_backward_gives_for_that_minibatch(stage):
    fan = MinibatchFan(batch=16.0, stage=stage, seed=3)
    result = fan.compute()
    model, data = trained({"fresh": 0, "after 1 epoch": 1, "after 30 epochs": 30}[stage]), examples()
    true = gradient(model, data.x, data.y)
    rng = np.random.default_rng(3)
    for arrow in result.arrows[:5]:
        chosen = rng.permutation(EXAMPLES)[:16]
        along = gradient(model, data.x[chosen], data.y[chosen]) @ true / (true @ true)
        assert arrow[0] == pytest.approx(along, rel=2e-3, abs=2e-3)


def test_noise_from_counts_equals_the_distance_of_real_gradients():
    model, data = trained(1), examples()
    gradients = MinibatchFan(stage="after 1 epoch").gradients
    true = gradient(model, data.x, data.y)
    counts = samples(np.random.default_rng(5), 4, 32, EXAMPLES, replacement=False)
    for row, noise in zip(counts, gradients.noise(counts), strict=True):
        chosen = np.flatnonzero(row)
        assert np.linalg.norm(gradient(model, data.x[chosen], data.y[chosen]) - true) == pytest.approx(noise, rel=1e-3)


@pytest.mark.parametrize("replacement", [False, True])
@pytest.mark.parametrize("stage", ["fresh", "after 30 epochs"])
def test_measured_noise_follows_the_law(stage, replacement):
    fan = MinibatchFan(stage=stage, replacement=replacement)
    result = fan.compute()
    law = result.gradients.law(result.sizes, replacement=replacement) / result.gradients.length
    some = law > 1e-9
    # After training a few examples carry most of the squared gradient, so 600 draws of one or two still wobble.
    np.testing.assert_allclose(result.measured[some], law[some], rtol=0.2)
    assert result.slope == pytest.approx(-0.5, abs=0.03)
    assert result.finite == (0 if replacement else pytest.approx(0.5, abs=0.06))
    if not replacement:
        assert result.measured[-1] < 1e-6  # the batch is everything


def test_four_times_the_batch_halves_the_noise():
    gradients = MinibatchFan().gradients
    assert gradients.law(4, replacement=True) == pytest.approx(2 * gradients.law(16, replacement=True))


def test_samples_without_replacement_hold_nobody_twice():
    rng = np.random.default_rng(0)
    without = samples(rng, 50, 20, 100, replacement=False)
    assert (without.sum(axis=1) == 20).all() and without.max() == 1
    assert samples(rng, 50, 20, 100, replacement=True).max() > 1


# What the lesson tells the reader to try: each number that it quotes stands on the screen


def says(widget, *numbers):
    """The widget's sentence holds these pieces, and so does the lesson."""
    sentence = widget.describe(widget.compute())
    for number in numbers:
        assert number in sentence, sentence
        assert number in LESSON, number


def uphill(fan, draws=30):
    """How many of 60 updates go uphill, in so many draws."""
    return [fan.replace(seed=seed).compute().uphill for seed in range(draws)]


def test_to_try_noise_and_what_of_it_is_on_paper():
    says(MinibatchFan(batch=8.0), "2.02", "1.02 from", "1210")
    says(MinibatchFan(batch=32.0), "1.00")
    result = MinibatchFan(batch=8.0).compute()
    off = result.arrows - [1, 0]
    assert result.on_paper == pytest.approx(np.sqrt((off**2).sum(axis=1).mean()))
    assert result.on_paper < result.noise, "two directions of 1210"
    model = trained(0)
    assert result.gradients.weights == sum(p.size for p in model.parameters()) == 1210
    assert "1209" in LESSON and "1208" in LESSON


def test_to_try_updates_that_go_uphill():
    assert MinibatchFan(batch=1.0).compute().uphill == 19 and "now it is 19, in other draws 9 to 23" in LESSON
    draws = uphill(MinibatchFan(batch=1.0))
    assert (min(draws), max(draws)) == (9, 23)
    draws = uphill(MinibatchFan(batch=8.0))
    assert (min(draws), max(draws)) == (0, 6) and "of 60 updates 0 to 6 go uphill" in LESSON
    assert max(uphill(MinibatchFan(batch=64.0))) == 0
    for network in ("nearly all wrong", "directions that are"):
        assert network not in LESSON, "at B = 8 none of 60 updates goes uphill"


def test_to_try_after_thirty_epochs():
    late, fresh = MinibatchFan(batch=8.0, stage="after 30 epochs"), MinibatchFan(batch=8.0)
    says(late, "29 of 60", "0.0307", "10.51")
    says(fresh, "0.689")
    assert round(fresh.compute().gradients.length / late.compute().gradients.length) == 22 and "22 times" in LESSON
    lengths = [fan.compute().noise * fan.compute().gradients.length for fan in (fresh, late)]
    assert 4 < lengths[0] / lengths[1] < 5, "the noise itself has shrunk far less"


def test_to_try_the_whole_batch():
    says(MinibatchFan(batch=1024.0), "noise is 0")
    says(MinibatchFan(batch=1024.0, replacement=True), "0.18")
    assert "there is noise even at 1024: 0.18" in LESSON


def test_to_try_the_race_by_examples_and_by_steps():
    race = BatchRace(axis="examples", progress=100)
    result = race.compute()
    assert 0.04 < result.losses[1][-1] < 0.07 and "ends below 0.07" in LESSON  # processors round differently
    assert f"from {result.start:.2f} to 2.11" in LESSON and "2.11 with B = 1024" in race.describe(result)
    for digits in (8, 64, 200, 1000, 2000, 4000, 8192):
        ahead = {
            batch: at(result.losses[batch], result.axis("examples", batch), digits)
            for batch in RUNNERS
            if batch <= digits
        }
        assert min(ahead, key=ahead.get) == 1
    half = BatchRace(axis="steps", progress=50)
    assert round(half.limit(result), -1) == 90 and "90 steps" in LESSON
    says(half, "1.65 with B = 1", "1.23 with B = 8", "1.01 with B = 64")


def test_what_the_lesson_says_came_of_its_bets():
    noise = {batch: MinibatchFan(batch=float(batch)).compute().noise for batch in (8, 16, 32, 64)}
    assert BETS["half"] == str(min((16, 32, 64), key=lambda batch: abs(noise[batch] - noise[8] / 2)))
    losses = {batch: losses[-1] for batch, losses in BatchRace().compute().losses.items()}
    assert BETS["race"] == f"B = {min(losses, key=losses.get)}"
    assert all(f'ex.BETS["{name}"]' in "".join(cell.source for cell in BOOK.cells) for name in BETS)


def test_no_text_above_a_bet_of_the_lesson_tells_its_answer():
    bets = {"Half the noise needs": ("1.00", "Four times"), "Lowest loss after": ("0.06", "smallest batch", "0.10")}
    for bet, answers in bets.items():
        place = next(i for i, cell in enumerate(BOOK.cells) if cell.cell_type == "code" and bet in cell.source)
        before = "\n".join(cell.source for cell in BOOK.cells[:place])
        assert not [answer for answer in answers if answer in before]


def test_drawing_again_changes_the_fan_and_not_the_law():
    fan = MinibatchFan()
    again = fan.draw_again()
    assert not np.array_equal(fan.compute().arrows, again.compute().arrows)
    assert fan.compute().noise == again.compute().noise
    assert fan.key("ArrowRight").b == 16
    assert MinibatchFan(batch=1024.0).key("ArrowRight").b == 1024
    assert len(fan.compute().arrows) == ARROWS


def test_own_model_and_data():
    rng = np.random.default_rng(0)
    data = dl.data.moons(100, rng=rng)
    model = dl.Sequential(dl.Dense(2, 4, activation=dl.tanh, rng=rng), dl.Dense(4, 2, rng=rng))
    fan = MinibatchFan(model=model, data=data, batch=500.0)
    assert fan.b == 100
    assert fan.compute().noise == 0
    assert "your network" in fan.describe(fan.compute())


@pytest.mark.parametrize(
    ("settings", "kind", "message"),
    [
        ({"model": 3}, WrongTypeError, "give both"),
        ({"model": 3, "data": 4}, WrongTypeError, "model should be a dl.Module"),
        (
            {"model": dl.Sequential(), "data": dl.data.Dataset(np.zeros((9, 2)), np.zeros(9, int))},
            DataError,
            "yours are 9",
        ),
    ],
    ids=["one of two", "numbers", "few"],
)
def test_other_things_are_refused_in_words(settings, kind, message):
    with pytest.raises(kind, match=message):
        MinibatchFan(**settings)


def test_the_batch_size_is_taken_where_one_points():
    fan = MinibatchFan()
    assert fan.pointer(Pointer("drag", "law", 31.8, 0.5)).b == 32
    assert fan.pointer(Pointer("down", "law", 5000.0, 0.5)).b == EXAMPLES
    assert fan.pointer(Pointer("down", "law", 8.2, 0.5)) is fan
    assert fan.pointer(Pointer("down", "fan", 1.0, 0.5)) is fan and fan.pointer(Pointer("hover", "law", 32, 1)) is fan
    race = BatchRace(axis="steps")
    assert race.pointer(Pointer("drag", "race", 8192.0, 1.0)).progress == 100
    assert race.pointer(Pointer("drag", "race", 0.1, 1.0)) is race
    limit = race.pointer(Pointer("down", "race", 100.0, 1.0)).limit(race.compute())
    assert limit == pytest.approx(100, rel=0.05)


def at(losses, axis, where):
    """Loss at the last checkpoint not beyond `where`."""
    return losses[axis <= where][-1]


def test_who_is_ahead_depends_on_what_is_counted():
    race = BatchRace().compute()
    for batch in RUNNERS:
        assert race.axis("examples", batch)[-1] == 8 * EXAMPLES
    by_examples = [race.losses[batch][-1] for batch in RUNNERS]
    assert by_examples == sorted(by_examples)  # the smaller the batch, the further after the same examples
    assert by_examples[0] < 0.1 < 2.0 < by_examples[-1]
    after_8 = [at(race.losses[batch], race.axis("steps", batch), 8) for batch in (64, 1024)]
    assert abs(after_8[0] - after_8[1]) < 0.01 and [f"{loss:.2f}" for loss in after_8] == ["2.11", "2.11"]
    assert "a step of all 1024 is no better than one of 64: after 8 steps both are at 2.11" in LESSON
    after_100 = {batch: at(race.losses[batch], race.axis("steps", batch), 100) for batch in (1, 8, 64)}
    assert abs(after_100[8] - after_100[64]) < 0.25  # a step of 64 is hardly better than a step of 8
    assert after_100[1] > after_100[8] + 0.2


def test_a_step_of_more_examples_costs_more_and_each_example_less():
    race = BatchRace().compute()
    a_step = [race.seconds[batch][-1] / race.steps[batch][-1] for batch in RUNNERS]
    an_example = [cost / batch for cost, batch in zip(a_step, RUNNERS, strict=True)]
    assert a_step[-1] > 2 * a_step[0]
    assert a_step[2] < 2 * a_step[0] and an_example[0] > 5 * an_example[2]


def seconds_to(race, batch, loss):
    """When the training loss falls below `loss`, or infinity."""
    there = race.seconds[batch][race.losses[batch] < loss]
    return there[0] if len(there) else np.inf


def test_by_seconds_the_middle_wins():
    same = BatchRace().compute()
    assert min(RUNNERS, key=lambda batch: seconds_to(same, batch, 1.0)) == 8
    assert seconds_to(same, 1024, 2.0) == np.inf
    assert seconds_to(same, 1, 1.0) > 1.4 * seconds_to(same, 8, 1.0)
    grown = BatchRace(rule="growing with the root of B").compute()
    times = [seconds_to(grown, batch, 1.0) for batch in (64, 8, 1)]
    assert times[0] < 0.75 * times[1] < 0.5 * times[2]


def test_the_race_runs_forward_and_ends():
    race = BatchRace(progress=99)
    assert race.step().progress == 100
    last = race.step()
    assert last.step() is last
    assert race.key("ArrowLeft").progress == 98
    result = race.compute()
    assert all(BatchRace(progress=100).reached(result, batch).all() for batch in RUNNERS)


def test_seconds_are_in_the_picture_and_never_in_the_text():
    race = BatchRace(axis="seconds", progress=100)
    assert "read the picture" in race.describe(race.compute())


def test_your_network_is_shown_as_it_was_and_left_alone():
    rng = np.random.default_rng(0)
    data = dl.data.moons(100, rng=rng)
    model = dl.Sequential(dl.Dense(2, 4, activation=dl.tanh, rng=rng), dl.Dense(4, 2, rng=rng))
    dl.cross_entropy(model(data.x), data.y).backward()
    grads = [p.grad.copy() for p in model.parameters()]
    early = MinibatchFan(model=model, data=data)
    before = early.compute().gradients.length
    assert all(np.array_equal(p.grad, grad) for p, grad in zip(model.parameters(), grads, strict=True))
    dl.fit(
        model, data, loss=dl.cross_entropy, optimizer=dl.SGD(model.parameters(), 0.5), epochs=20, batch_size=10, rng=rng
    )
    assert early.replace(batch=2.0).compute().gradients.length == before
    assert MinibatchFan(model=model, data=data).compute().gradients.length != before
    assert early.slider_ends() == {"batch": (1.0, 100.0)} and early.idle_controls() == ("stage",)


def test_a_gradient_of_no_length_is_no_measure():
    model = dl.Sequential(dl.Dense(2, 2, rng=np.random.default_rng(0)))
    model.layers[0].weight.data[:] = np.nan
    with pytest.raises(DataError, match="the length nan"):
        MinibatchFan(model=model, data=dl.data.moons(100, rng=np.random.default_rng(0)))
