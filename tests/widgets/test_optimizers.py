"""OptimizerRace and MomentumMap: every path is the library's, and what lesson 18 tells to look for is there."""

import re

import numpy as np
import pytest

import dlcourse as dl
from dlcourse import notebooks
from dlcourse.errors import ShapeError, WrongTypeError
from dlcourse.exercises.optimizers import BETS
from dlcourse.live.widget import Pointer
from dlcourse.widgets import MomentumMap, OptimizerRace
from dlcourse.widgets.optimizers.momentum_map import MOMENTA, MOST, PLAIN, RATES, descend, theory
from dlcourse.widgets.optimizers.numbers import FAR, RING, noise
from dlcourse.widgets.optimizers.rules import KNOBS, RULES
from dlcourse.widgets.optimizers.surfaces import LIMITS, SURFACES

BOOK = notebooks.read("test", notebooks.folder() / "18_optimizers.ipynb")
LESSON = "\n".join(cell.source for cell in BOOK.cells if cell.cell_type == "markdown")


def sentence(widget):
    return widget.describe(widget.compute())


# The surfaces and the paths


@pytest.mark.parametrize("name", SURFACES)
def test_a_slope_is_the_derivative_of_the_height_and_lowest_places_are_flat(name):
    surface, rng, e = SURFACES[name], np.random.default_rng(0), 1e-6
    x, y = (rng.uniform(*ends, 50) for ends in LIMITS)
    numeric = (
        (surface.height(x + e, y, 7.0) - surface.height(x - e, y, 7.0)) / (2 * e),
        (surface.height(x, y + e, 7.0) - surface.height(x, y - e, 7.0)) / (2 * e),
    )
    np.testing.assert_allclose(surface.slope(x, y, 7.0), numeric, atol=1e-8)
    for place in surface.lowest:
        np.testing.assert_allclose(surface.slope(*place, 7.0), 0, atol=1e-12)
        assert surface.height(*place, 7.0) == pytest.approx(0, abs=1e-12)
        assert (surface.height(x, y, 7.0) > 0).all()


MADE = {
    "SGD": lambda w: dl.SGD(w, 0.1),
    "momentum": lambda w: dl.SGD(w, 0.1, momentum=0.8),
    "Nesterov": lambda w: dl.SGD(w, 0.1, momentum=0.8, nesterov=True),
    "Adagrad": lambda w: dl.Adagrad(w, 0.1),
    "Adadelta": lambda w: dl.Adadelta(w, 0.1, rho=0.97),
    "RMSprop": lambda w: dl.RMSprop(w, 0.1, rho=0.97),
    "Adam": lambda w: dl.Adam(w, 0.1, betas=(0.8, 0.97)),
    "AdamW": lambda w: dl.AdamW(w, 0.1, betas=(0.8, 0.97), weight_decay=0.2, biases=True),
    "Nadam": lambda w: dl.Nadam(w, 0.1, betas=(0.8, 0.97)),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_path_is_that_of_the_library_with_gradients_by_backward(rule):
    race = OptimizerRace(surface="ravine", optimizer=rule, lr=0.1, momentum=0.8, rho=0.97, decay=0.2)
    w = dl.Parameter(np.array(race.beginning))
    optimizer = MADE[rule]([w])
    for place in race.path.places[1:40]:
        off = w[1] - w[0] * w[0] / 4 + 2
        optimizer.zero_grad()
        ((w[0] - 2) ** 2 / 50 + off * off / 2).backward()
        optimizer.step()
        np.testing.assert_allclose(place, w.data, atol=1e-9)


def test_all_optimizers_go_ways_of_their_own():
    ends = [
        OptimizerRace(surface="ravine", optimizer=rule, lr=0.1, momentum=0.8, rho=0.97).path.places[9] for rule in RULES
    ]
    assert len({tuple(end.round(6)) for end in ends}) == len(RULES)


def test_knobs_that_an_optimizer_does_not_have_are_left_out_and_change_nothing():
    for rule in RULES:
        race = OptimizerRace(optimizer=rule, lr=0.1)
        for name in ("momentum", "rho", "decay"):
            moved = race.replace(**{name: 0.5})
            assert (name in race.absent_controls()) == (name not in KNOBS[rule])
            if name in race.absent_controls():
                assert sentence(moved) == sentence(race)
    assert "kappa" in OptimizerRace(surface="ravine").absent_controls()


def test_what_is_kept_and_the_own_rates_are_those_of_the_formulas():
    race = OptimizerRace(optimizer="Adam", lr=0.1, momentum=0.9, rho=0.99, steps=0)
    result = race.compute()
    g = np.array([-0.036, 0.8])
    np.testing.assert_allclose(result.gradient, g)
    np.testing.assert_allclose(result.kept["mean"], 0.1 * g)
    np.testing.assert_allclose(result.kept["squares"], 0.01 * g**2)
    np.testing.assert_allclose(result.rates, 0.1 / np.abs(g), rtol=1e-5)
    velocity = OptimizerRace(optimizer="momentum", lr=0.1, steps=2).compute()
    expected = 0.9 * (0.9 * velocity.path.gradients[0] + velocity.path.gradients[1]) + velocity.gradient
    np.testing.assert_allclose(velocity.kept["velocity"], expected)
    np.testing.assert_allclose(velocity.step, -0.1 * expected)


def test_the_noise_is_the_same_for_all_and_grows_with_the_loss():
    one = OptimizerRace(surface="noisy bowl", lr=0.1)
    other = one.replace(times=10.0)
    slope = SURFACES["noisy bowl"].slope(*one.beginning, 4.0)
    np.testing.assert_allclose(one.path.gradients[0], slope + noise(300)[0])
    np.testing.assert_allclose(other.path.gradients[0], 10 * one.path.gradients[0])


# What the lesson says


def test_momentum_takes_the_root_of_the_steps():
    far = {}
    for name, (lr, mu) in {"plain": (2 / 1.01, 0.0), "ball": theory(100.0)}.items():
        path = OptimizerRace(optimizer="momentum", lr=lr, momentum=mu).path
        distance = np.linalg.norm(path.places, axis=1)
        far[name] = 100 / np.log(distance[50] / distance[150])
    assert far["plain"] == pytest.approx(100 / 2, abs=0.5)
    assert far["ball"] == pytest.approx(np.sqrt(100) / 2, abs=0.4)


def test_to_try_the_ball_arrives_at_41_and_plain_descent_at_146():
    plain = OptimizerRace(optimizer="SGD", lr=1.98, steps=150)
    assert "from step 146 on" in sentence(plain) and "step 146" in LESSON
    others = [OptimizerRace(optimizer="SGD", lr=float(lr)).path.arrived or 999 for lr in np.arange(1.5, 2.0, 0.01)]
    assert plain.path.arrived <= min(others) + 2  # no rate is much better
    ball = plain.keep().replace(optimizer="momentum", lr=0.5, momentum=0.9, steps=45)
    assert "from step 41 on" in sentence(ball) and "stays: 41." in LESSON and BETS["ball"] == "about 40"
    assert "Kept: SGD 1.98, in the ring after 146" in sentence(ball)
    before = sentence(ball.replace(steps=40))
    assert "In the ring for good" not in before


def test_to_try_a_ball_that_forgets_slowly_flies_past_the_ring():
    slow = OptimizerRace(optimizer="momentum", lr=0.5, momentum=0.99, steps=150)
    assert slow.path.arrived is None or slow.path.arrived > 150
    x = slow.path.places[:151, 0]
    assert (np.diff(np.sign(x)) != 0).sum() >= 2  # “again and again”


def test_to_try_momentum_moves_the_bound_to_two_times_one_plus_mu():
    assert "exploded" in sentence(OptimizerRace(optimizer="SGD", lr=2.1, steps=300))
    assert not OptimizerRace(optimizer="momentum", momentum=0.9, lr=3.6).path.exploded
    for mu in (0.3, 0.67, 0.9):
        bound = 2 * (1 + mu)
        assert not OptimizerRace(optimizer="momentum", momentum=mu, lr=0.99 * bound).path.exploded
        assert OptimizerRace(optimizer="momentum", momentum=mu, lr=1.05 * bound).path.exploded


def test_to_try_adam_does_not_notice_a_factor_of_1000_and_sgd_explodes():
    one = OptimizerRace(optimizer="Adam", lr=0.4, steps=45)
    thousand = one.replace(times=1000.0)
    assert np.abs(one.path.places - thousand.path.places).max() < 1e-5
    assert one.path.arrived == thousand.path.arrived == 43 and "step 43" in LESSON
    assert "exploded" in sentence(OptimizerRace(optimizer="SGD", lr=1.0, times=1000.0, steps=2))
    assert not OptimizerRace(optimizer="SGD", lr=1.0).path.exploded
    for rule in ("RMSprop", "Adagrad", "Nadam"):
        near, far = (OptimizerRace(optimizer=rule, lr=0.1, times=times).path.places for times in (1.0, 1000.0))
        assert np.abs(near - far).max() < 1e-4, rule


def test_to_try_each_weight_has_its_own_rate():
    plain, adam = (OptimizerRace(optimizer=rule, lr=0.4, steps=0).compute() for rule in ("SGD", "Adam"))
    assert plain.rates == pytest.approx([0.4, 0.4])
    assert adam.rates[0] > 20 * adam.rates[1]


def test_to_try_on_a_plateau_adam_walks_and_sgd_stands():
    stands = OptimizerRace(surface="plateau", optimizer="SGD", lr=1.0).path.places
    assert round(float(np.linalg.norm(stands[300] - stands[0])), 2) == 0.02 and "moved by 0.02" in LESSON
    assert OptimizerRace(surface="plateau", optimizer="Adam", lr=0.1).path.arrived == 54 and "after 54." in LESSON


def test_adagrad_dies_out_like_one_over_the_root_of_t():
    w = dl.Parameter(np.zeros(1))
    optimizer, lengths = dl.Adagrad([w], lr=1.0), []
    for _ in range(400):
        before = w.item()
        w.grad = np.array([0.3])
        optimizer.step()
        lengths.append(before - w.item())
    np.testing.assert_allclose(lengths, 1 / np.sqrt(np.arange(1, 401)), rtol=1e-6)


def test_without_its_correction_adam_would_begin_with_steps_that_are_too_long():
    w = dl.Parameter(np.zeros(1))
    optimizer, ratios = dl.Adam([w], lr=1.0, eps=1e-12), []
    for _ in range(1000):
        before = w.item()
        w.grad = np.array([0.3])
        optimizer.step()
        m, s = (piece.item() for piece in optimizer.flats[0].state)
        ratios.append(m / np.sqrt(s) / (before - w.item()))
    t = np.arange(1, 1001)
    np.testing.assert_allclose(ratios, (1 - 0.9**t) / np.sqrt(1 - 0.999**t), rtol=1e-6)
    assert [round(ratios[i - 1], 1) for i in (1, 10)] == [3.2, 6.5] and "6.5 times too long" in LESSON


# The map


@pytest.mark.parametrize("kappa", ["4", "10", "25", "100"])
def test_the_best_place_lies_where_theory_says(kappa):
    lr, mu, steps = MomentumMap(kappa=kappa).compute().best
    rate, share = theory(float(kappa))
    assert abs(mu - share) <= MOMENTA[1]
    assert 1 / 1.12 < lr / rate < 1.12
    there = MomentumMap(kappa=kappa, lr=rate, momentum=share).compute()
    assert there.needed < 1.35 * steps


def test_a_column_of_the_map_is_the_way_of_a_single_optimizer():
    rates = np.array([0.3, 1.7, 3.9])
    for momentum in (0.0, 0.6):
        all_at_once = descend(25.0, rates, momentum, 60)
        for lr, column in zip(rates, all_at_once.T, strict=True):
            w = dl.Parameter(np.ones(2))
            optimizer = dl.SGD([w], lr=lr, momentum=momentum)
            for t in range(1, 61):
                w.grad = np.array([1 / 25, 1.0]) * w.data
                optimizer.step()
                if column[t] < 1e6:
                    assert column[t] == pytest.approx(np.abs(w.data).max(), rel=1e-9)


def test_to_try_on_the_map_of_the_long_bowl():
    result = MomentumMap(kappa="100").compute()
    assert result.plain == 346 == MomentumMap(lr=1.98, momentum=0.0).compute().needed and "346 steps" in LESSON
    assert MomentumMap(lr=2.01, momentum=0.0).compute().distances[-1] > 1  # “right before it explodes”
    assert MomentumMap(lr=3.3, momentum=0.67).compute().needed == 50 and "50 steps" in LESSON
    assert abs(result.best[1] - float(BETS["share"])) <= 0.02
    at_09 = descend(100.0, RATES, 0.9)
    needed = np.array([MomentumMap(lr=float(lr), momentum=0.9).compute().needed for lr in RATES])
    assert needed.min() > 125 and "more than 125 steps" in LESSON
    middle = (RATES > 0.4) & (RATES < 3.5)
    assert needed[middle].max() < 1.4 * needed[middle].min() and at_09.shape == (MOST + 1, len(RATES))
    rows = np.nanmin(result.steps, axis=1)
    above = rows[MOMENTA > 0.67]
    assert (np.diff(above) > 0).all()  # “each row is slower”
    i, j = np.unravel_index(int(np.nanargmin(result.steps)), result.steps.shape)
    assert np.isnan(result.steps[i, j + 2])  # “next to the cliff”
    assert round(theory(4.0)[1], 2) == 0.11 and "μ = 0.11" in LESSON


def test_without_momentum_the_best_rate_is_where_lesson_04_has_its_bound():
    for kappa in (4.0, 100.0):
        distances = descend(kappa, PLAIN, 0.0)
        assert PLAIN[distances[200].argmin()] == pytest.approx(2 / (1 + 1 / kappa), abs=0.011)


def test_the_map_is_covered_until_a_bet_is_placed():
    hidden = MomentumMap(covered=True)
    assert "covered" in sentence(hidden) and "Fastest" not in sentence(hidden)
    assert "Fastest on the map: 44 steps" in sentence(hidden.replace(prediction="0.9"))


def test_a_hand_on_the_map():
    moved = MomentumMap().pointer(Pointer("down", "map", np.log10(2.5), 0.404))
    assert (moved.lr, moved.momentum) == (2.5, 0.4)
    assert MomentumMap().pointer(Pointer("down", "way", 1, 1)).lr == 1
    assert (
        MomentumMap(lr=1.0).key("ArrowRight").lr == pytest.approx(1.12)
        and MomentumMap().key("ArrowUp").momentum == 0.02
    )
    assert MomentumMap().key("ArrowDown").momentum == 0


# State, hand, yours


def test_while_the_answer_is_covered_nothing_of_the_path_is_told():
    hidden = OptimizerRace(optimizer="momentum", lr=0.5, steps=45, covered=True)
    result = hidden.compute()
    assert np.isfinite(result.gradient).all()
    assert result.at == 0 and np.isnan(result.step).all() and np.isnan(result.rates).all()
    assert "covered" in sentence(hidden) and "ring" not in sentence(hidden)
    assert "from step 41" in sentence(hidden.replace(prediction="about 75"))


def test_a_kept_path_stays_where_it_was_walked():
    race = OptimizerRace(lr=1.0, steps=30)
    kept = race.keep()
    assert kept.steps == 0 and [one.name for one in kept.rivals] == ["SGD 1"] and kept.keep() is kept
    assert kept.replace(surface="ravine").rivals == () and kept.replace(kappa=10.0).rivals == ()
    assert len(kept.replace(times=10.0, lr=0.01).rivals) == 1
    for _ in range(4):
        race = race.replace(steps=5).keep()
    assert len(race.rivals) == 3


def test_play_ends_where_the_run_ends():
    race = OptimizerRace(optimizer="SGD", lr=2.5, steps=300)
    assert race.compute().exploded and not race.can_step() and race.step() is race
    assert np.abs(race.path.places[-1]).max() > FAR >= np.abs(race.path.places[-2]).max()
    assert OptimizerRace(steps=299).step().can_step() is False


def test_hand_and_keys_move_the_start():
    race = OptimizerRace()
    moved = race.pointer(Pointer("down", "surface", 1.2345, -9.0))
    assert moved.beginning == (1.234, -3.0) and tuple(moved.path.places[0]) == moved.beginning
    assert race.pointer(Pointer("down", "heights", 1, 1)) is race
    assert race.key("ArrowRight").beginning == pytest.approx((-3.5, 0.8))
    assert race.key(" ").steps == race.steps + 1


def test_arrival_is_for_good():
    for lr in (0.5, 3.6):
        path = OptimizerRace(optimizer="momentum", lr=lr, momentum=0.9).path
        distance = np.linalg.norm(path.places, axis=1)
        assert (distance[path.arrived :] <= RING).all() and distance[path.arrived - 1] > RING


def test_a_step_of_ones_own_walks_as_the_library_does():
    def momentum(w, gradient, state):
        state["v"] = 0.9 * state.get("v", 0) + gradient
        w -= 0.1 * state["v"]  # in place: it is a copy
        return w

    mine = OptimizerRace(own=momentum)
    assert mine.optimizer == "yours" and mine.name == "momentum"
    np.testing.assert_allclose(
        mine.path.places, OptimizerRace(optimizer="momentum", lr=0.1).path.places[:101], atol=1e-12
    )
    assert "Your own optimizer (momentum)" in sentence(mine)


def test_a_surface_of_ones_own_may_be_a_plane_through_a_network():
    rng = np.random.default_rng(0)
    network = dl.Sequential(dl.Dense(13, 4, activation=dl.tanh, rng=rng), dl.Dense(4, 3, rng=rng))
    wines = dl.data.standardize(dl.data.wine())[0]
    loss, weights = dl.landscape.as_function(network, wines, loss=dl.cross_entropy)
    across, up = rng.normal(size=(2, len(weights)))
    race = OptimizerRace(
        loss=lambda w: loss(weights + w[0] * across + w[1] * up), optimizer="Adam", lr=0.1, start=(0, 0)
    )
    with dl.no_grad():
        here = dl.cross_entropy(network(wines.x), wines.y).item()
    assert race.path.heights[0] == pytest.approx(here, rel=1e-5)
    assert race.path.heights[100] < race.path.heights[0]


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({"loss": 3}, WrongTypeError, "loss should be a function of a tensor of two weights"),
        (
            {"loss": lambda w: w * w},
            ShapeError,
            "one number for w of shape .2,., not shape .2,.. Is a mean or a sum missing",
        ),
        ({"loss": lambda w: 1.0}, ShapeError, "not float"),
        ({"loss": lambda: 1.0}, WrongTypeError, "loss is called as loss.w."),
        ({"start": (1.0,)}, ShapeError, "start should be two numbers"),
        ({"start": "left"}, ShapeError, "not 'left'"),
        ({"start": (0.0, np.nan)}, ShapeError, "start should be two numbers"),
        ({"own": "Adam"}, WrongTypeError, "step should be a function step.w, gradient, state."),
        (
            {"own": lambda w, gradient, state: None},
            ShapeError,
            "an array of shape .2,., not None. Does it end with return",
        ),
        ({"own": lambda w: w}, WrongTypeError, "a step is called as step.w, gradient, state."),
    ],
)
def test_what_cannot_race_is_refused_in_words(given, kind, message):
    with pytest.raises(kind, match=message):
        OptimizerRace(**given)


def test_a_step_that_gives_nan_ends_the_run_and_is_told():
    race = OptimizerRace(own=lambda w, gradient, state: w * np.nan, steps=50)
    assert race.path.last == 1 and re.search("exploded", sentence(race))
