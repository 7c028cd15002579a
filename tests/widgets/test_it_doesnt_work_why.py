"""Clinic: what lesson 22 says of twenty networks that do not work is what is measured, and each is cured by the right treatment only."""

import functools
import inspect

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.diagnosis import NAMES as CAUSES_OF_DIAGNOSE
from dlcourse.errors import DataError, WrongTypeError
from dlcourse.live.picture import Picture
from dlcourse.live.widget import Pointer
from dlcourse.widgets import Clinic
from dlcourse.widgets.it_doesnt_work_why import exams
from dlcourse.widgets.it_doesnt_work_why.numbers import doctors_choice, outcome, result_of
from dlcourse.widgets.it_doesnt_work_why.patients import admit
from dlcourse.widgets.it_doesnt_work_why.reports import TESTS, report
from dlcourse.widgets.it_doesnt_work_why.sheets import NAMES, cause_of, sheet_of, treated
from dlcourse.widgets.it_doesnt_work_why.words import outlook

WARD = range(1, 21)
SILENT = "dropout or batch normalization left in training mode"
FIRST = {  # which test a doctor orders first, for the twenty patients who come first
    1: "overfit one batch", 2: "look at the data", 3: "loss at the start", 4: "activations", 5: "updates against weights", 6: "look at the data",
    7: "look at the data", 8: "loss at the start", 9: "look at the data", 10: "overfit one batch", 11: "train against eval", 12: "gradients per layer",
    13: "gradients per layer", 14: "look at the data", 15: "loss at the start", 16: "updates against weights", 17: "loss at the start", 18: "look at the data",
    19: "learning curve", 20: "overfit one batch",
}  # fmt: skip


def sentence(widget):
    return widget.describe(widget.compute())


def patient_with(cause, data=None):
    return next(n for n in range(1, 200) if cause_of(n) == cause and data in (None, sheet_of(n).data))


@functools.cache
def after_treatment(number, test):
    cause = cause_of(number)
    return report(test, lambda: admit(number, cause), lambda: outcome(number, cause).course)


# Patients


def test_there_are_twenty_causes_and_diagnose_knows_all_of_them():
    assert len(NAMES) == 20 and set(NAMES) <= set(CAUSES_OF_DIAGNOSE)


def test_every_twenty_patients_have_each_cause_once_and_come_in_another_order():
    decks = [[cause_of(number) for number in range(first, first + 20)] for first in (1, 21, 41, 181)]
    assert all(sorted(deck) == sorted(NAMES) for deck in decks)
    assert len({tuple(deck) for deck in decks}) == 4


def test_patients_differ_in_data_sizes_activation_and_optimizer():
    sheets = [sheet_of(number) for number in range(1, 101)]
    assert {sheet.data for sheet in sheets} == {"digits", "wines", "tumours", "diabetes", "names"}
    assert len({sheet.hidden for sheet in sheets}) > 8
    assert {sheet.activation for sheet in sheets} == {"ReLU", "tanh", "sigmoid"}
    assert {sheet.optimizer for sheet in sheets} == {"Adam", "momentum", "by hand"}


def test_nothing_that_is_seen_before_the_treatment_names_the_cause():
    for number in WARD:
        state = Clinic(number=number)
        for test in ("loss at the start", "overfit one batch"):
            state = state.replace(test=test).order()
            assert cause_of(number) not in sentence(state) and cause_of(number) not in state.code()


def test_a_patient_is_the_same_each_time_and_another_one_is_another():
    for number in (3, 17):
        one, again, other = admit(number), admit(number), admit(number + 20)
        assert all(np.array_equal(a.data, b.data) for a, b in zip(one.parameters(), again.parameters(), strict=True))
        assert one.train[0].shape != other.train[0].shape or not np.array_equal(
            one.parameters()[0].data, other.parameters()[0].data
        )


@pytest.mark.parametrize("number", WARD)
def test_the_right_treatment_cures(number):
    sick, well = outcome(number, ""), outcome(number, cause_of(number))
    if cause_of(number) == SILENT:  # right as often, and another answer each time
        assert (
            result_of("train against eval", number, None).off and not after_treatment(number, "train against eval").off
        )
        return
    assert well.right > max(sick.right, 0) + 0.03
    assert abs(well.told - well.right) < 0.12
    assert well.course[1, -1] < exams.expected_loss(admit(number))


@pytest.mark.parametrize("number", [1, 3, 6, 10, 15, 18])
def test_a_treatment_for_something_else_does_not_cure(number):
    well = outcome(number, cause_of(number)).right
    for cause in (
        "gradients not zeroed",
        "labels shuffled against inputs",
        "batches sorted by class",
        "validation data leaked into training",
    ):
        if cause != cause_of(number):
            assert outcome(number, cause).right < well - 0.02


def test_the_treatment_changes_only_what_it_is_for():
    for number in WARD:
        sheet = sheet_of(number)
        for cause in NAMES:
            changed = {name for name in vars(sheet) if getattr(sheet, name) != getattr(treated(sheet, cause), name)}
            assert (changed != set()) if cause == cause_of(number) else len(changed) <= 1


# Tests


@pytest.mark.parametrize("number", WARD)
def test_a_doctor_orders_the_cheapest_test_that_is_not_as_it_should_be(number):
    first = doctors_choice(number)
    assert first.test == FIRST[number] and first.off
    assert not any(result_of(test, number, None).off for test in list(TESTS)[: list(TESTS).index(first.test)])
    assert not after_treatment(number, first.test).off


def test_the_mildest_case_of_too_few_examples_shows_in_its_curves():
    assert cause_of(142) == "overfits" and doctors_choice(142).test == "learning curve"


def test_the_tests_are_listed_by_what_they_cost():
    costs = [test.minutes for test in TESTS.values()]
    assert len(TESTS) == 10 and costs == sorted(costs)


@pytest.mark.parametrize("number", [1, 2, 8, 10, 16])
def test_no_test_finds_anything_in_one_that_was_cured(number):
    assert [test for test in TESTS if after_treatment(number, test).off] == []


def test_numbers_are_measured_on_the_patient():
    for number in (1, 17):
        patient = admit(number)
        x, y = next(patient.batches(np.random.default_rng(0)))
        measured, expected = (
            result_of("loss at the start", number, None).measured[name] for name in ("measured", "expected")
        )
        assert measured == pytest.approx(patient.loss(patient.model(x), y).item(), rel=1e-6)
        assert expected == pytest.approx(np.log(10))
        before = [p.data.copy() for p in patient.parameters() if p.ndim > 1]
        patient.step(x, y)
        moved = [
            np.linalg.norm(p.data - old) / np.linalg.norm(old)
            for p, old in zip((p for p in patient.parameters() if p.ndim > 1), before, strict=True)
        ]
        assert result_of("updates against weights", number, None).measured["ratios"][0] == pytest.approx(
            moved, rel=1e-4
        )


def test_the_lowest_loss_behind_a_softmax_too_many_is_reached_and_is_no_lower():
    floor = -np.log(np.e / (np.e + 9))
    losses = result_of("overfit one batch", 1, None).measured["losses"]
    assert losses.min() == pytest.approx(floor, abs=1e-3) and floor == pytest.approx(1.46, abs=0.005)
    assert outcome(1, "").right > 0.85 and outcome(1, NAMES[0]).right > 0.9


def test_shuffled_labels_are_learned_by_heart_from_one_batch():
    assert cause_of(2) == "labels shuffled against inputs"
    assert result_of("overfit one batch", 2, None).measured["losses"][-1] < 0.03
    assert not result_of("overfit one batch", 21, None).off


def test_in_ten_of_twenty_the_training_loss_falls_by_a_tenth():
    falls = []
    for number in WARD:
        patient = admit(number)
        x, y = (part[:400] for part in patient.train)
        with np.errstate(all="ignore"):
            before = patient.loss(dl.predict(patient.model, x), y).item()
        falls.append(outcome(number, "").course[0, -1] < 0.9 * before)
    assert sum(falls) == 10


def test_three_tests_of_five_minutes_find_eighteen_of_twenty():
    cheap = ("look at the data", "loss at the start", "overfit one batch")
    assert sum(TESTS[test].minutes for test in cheap) == 5
    missed = [number for number in WARD if not any(result_of(test, number, None).off for test in cheap)]
    assert [cause_of(number) for number in missed] == [SILENT, "overfits"]


@pytest.mark.parametrize(
    ("number", "test", "words"),
    [
        (21, "look at the data", "has the same answer in 11 %"), (6, "look at the data", "varies 402 times as much"), (14, "look at the data", "holds 1 of 3 classes"),
        (7, "look at the data", "100 % of the validation examples stand in the training data"), (9, "look at the data", "are not numbers"),
        (18, "look at the data", "every batch holds the same examples"), (8, "loss at the start", "gives all classes the same share, exactly"),
        (3, "loss at the start", "It says nearly the same to all examples"), (16, "updates against weights", "Cosine with the gradient: 1.00"),
        (11, "train against eval", "answers that differ by up to"), (1, "train against eval", "the same answers both times"),
        (39, "activations", "100 % of the units say the same to every example"), (9, "learning curve", "not a number"),
    ],
)  # fmt: skip
def test_a_test_says_what_it_shows(number, test, words):
    assert words in sentence(Clinic(number=number, test=test).order())


# What the lesson says one will see


def test_the_things_to_try_show_what_the_lesson_says():
    bet = Clinic(number=2, test="overfit one batch").order()
    losses = bet.compute().report.measured["losses"]
    assert losses[0] == pytest.approx(0.70, abs=0.005) and "it began at 0.70" in sentence(bet)
    assert "has the same answer in 50 %" in sentence(bet.replace(test="look at the data").order())
    assert "94 % on unseen data" in sentence(bet.replace(diagnosis="labels shuffled against inputs").treat())
    stays = Clinic(number=1, test="overfit one batch").order().compute().report.measured["losses"][60:]
    assert np.ptp(stays) < 0.01 and "the loss is 1.46" in sentence(Clinic(number=1, test="overfit one batch").order())
    assert doctors_choice(3).test == "loss at the start" and TESTS["loss at the start"].minutes == 1
    low = outcome(3, "learning rate far too low")
    assert low.right < 0.02 and treated(sheet_of(3), "learning rate far too low").times == pytest.approx(1e4)
    assert "100 % of the validation data and 82 % of unseen data" in sentence(Clinic(number=7))
    assert outcome(7, cause_of(7)).told < 0.97 < outcome(7, "").told and outcome(7, cause_of(7)).right > 0.9


def test_diagnose_names_what_is_wrong_with_patient_4_and_says_where_it_cannot_look():
    for treatment, names in (("", ["gradients not zeroed"]), ("gradients not zeroed", [])):
        patient = admit(4, treatment)
        batches = list(patient.batches(np.random.default_rng(0)))
        notes = dl.diagnose(patient.model, batches, loss=patient.loss, step=patient.step)
        assert notes.names == names
        why = {one.name: one.why for one in notes.unseen}["label noise above a fifth"]
        assert why.startswith("47% of the examples have inputs that occur with another answer")


# The widget


def test_a_test_is_paid_for_once_and_another_patient_has_had_none():
    state = Clinic(number=5)
    assert state.compute().report is None and "not ordered yet" in sentence(state)
    state = state.order().order().replace(test="overfit one batch").order().replace(test="look at the data")
    assert state.compute().minutes == 4 and state.compute().report.test == "look at the data"
    other = state.next_patient()
    assert (
        other.number == 6
        and other.ordered == ()
        and other.diagnosis == "?"
        and Clinic(number=200).next_patient().number == 1
    )


def test_a_frame_in_a_hurry_trains_nobody_and_says_so():
    treated = Clinic(number=155, diagnosis="overfits").treat()
    for state, words in (
        (Clinic(number=155), "In training …"),
        (treated, "Treated for “overfits”, and trained anew …"),
    ):
        hurried = state.replace(hurried=True)
        assert state.takes_long() and words in sentence(hurried)
        assert "%" not in sentence(hurried) and state.takes_long()
        assert hurried.background() == Clinic(number=156).background()  # nothing is drawn anew from patient to patient
    outcome(155, ""), outcome(155, cause_of(155)), outcome(155, "overfits")
    assert not treated.takes_long() and sentence(treated.replace(hurried=True)) == sentence(treated)
    assert treated.background() != Clinic(number=155).background()
    assert not own()[0].takes_long()


def test_a_diagnosis_is_told_until_it_is_treated_for():
    state = Clinic(number=3)
    assert "Diagnosis" not in sentence(state)
    for diagnosis in ("dead ReLUs", "labels shuffled against inputs", cause_of(3)):
        state = state.replace(diagnosis=diagnosis)
        assert sentence(state).endswith(f" Diagnosis: “{diagnosis}”, not treated yet.")
        assert outlook(state, state.compute()) == f"not treated yet: {diagnosis}"
    assert "treat" not in state.idle_controls()
    state = state.treat()
    assert "not treated" not in sentence(state) and "treat" in state.idle_controls()


def test_each_line_above_the_list_ends_before_the_edge_of_a_phone():
    picture = Picture(*Clinic.narrow_size)
    for cause in NAMES:
        state = Clinic(number=12, diagnosis=cause)
        picture.paint(state, state.compute())
        right = max(head.get_window_extent(picture.canvas.get_renderer()).x1 for head in picture._artists.heads)
        assert right <= 100 * Clinic.narrow_size[0], (cause, right)


def test_examined_diagnosed_and_treated():
    state = Clinic(number=3, test="overfit one batch").order()
    assert state.treat() is state
    wrong = state.replace(diagnosis="learning rate too high").treat()
    assert "That was not it." in sentence(wrong) and not wrong.solved and wrong.compute().doctor is None
    assert "dead" not in sentence(wrong)
    right = wrong.replace(diagnosis="dead ReLUs").treat()
    assert right.solved and right.treat() is right
    said = sentence(right)
    assert (
        "That was it." in said
        and "You spent 3 min." in said
        and "would have ordered “loss at the start” first (1 min)" in said
    )
    assert "47 % of unseen" in said.replace("47 % on unseen", "47 % of unseen") and "cannot come back" in said
    again = right.order()
    assert again.compute().report.test == "overfit one batch" and again.compute().minutes == 3 and again.solved


def test_half_a_cure_is_called_so():
    state = Clinic(number=12, diagnosis="learning rate far too low").treat()
    assert "That was not it." in sentence(state)
    assert cause_of(5) == "learning rate far too low"  # sigmoids made ReLUs do not help, and another rate does
    number = patient_with("validation data leaked into training")
    state = Clinic(number=number, diagnosis="overfits").treat()
    assert outcome(number, "overfits").right > outcome(number, "").right + 0.05
    assert "It is better, and something is still wrong." in sentence(state)


def test_every_sentence_of_a_cure_is_short_enough():
    for number in WARD:
        state = Clinic(number=number, diagnosis=cause_of(number)).treat()
        assert len(sentence(state)) < 700 and "That was it." in sentence(state)


def test_a_click_chooses_a_test_two_order_it_and_keys_do_the_same():
    state = Clinic()
    state = state.pointer(Pointer("down", "tests", 0.5, 3.2))
    assert state.test == "gradients per layer" and not state.ordered
    state = state.pointer(Pointer("double", "tests", 0.5, 3.2))
    assert state.ordered == ("gradients per layer",)
    state = state.key("ArrowUp").key("Enter")
    assert state.ordered == ("gradients per layer", "train against eval") and state.compute().minutes == 3
    for event in (
        Pointer("down", "tests", 0.5, 10.4),
        Pointer("down", "chart", 5, 1),
        Pointer("hover", "tests", 0.5, 1),
    ):
        assert state.pointer(event) is state
    assert Clinic().key("ArrowUp").test == "look at the data"


def test_under_a_bet_no_result_is_shown():
    state = Clinic(number=2, test="overfit one batch", ordered=("overfit one batch",), covered=True)
    assert state.compute().report is None
    assert state.replace(prediction="anything").compute().report is not None


# A learner's own


def own(softmax=False, **more):
    rng = np.random.default_rng(0)
    layers = [dl.Flatten(), dl.Dense(64, 16, activation=dl.relu, rng=rng), dl.Dense(16, 10, rng=rng)]
    model = dl.Sequential(
        *layers, *([lambda x: dl.exp(x) / dl.sum(dl.exp(x), axis=1, keepdims=True)] if softmax else [])
    )
    return Clinic(model=model, data=dl.data.digits()[:300], **more), model


def test_your_own_network_is_examined_and_left_as_it_is():
    widget, model = own()
    before = [p.data.copy() for p in model.parameters()]
    for test in TESTS:
        result = widget.replace(test=test).order().compute()
        assert not result.report.off, test
    assert all(np.array_equal(p.data, old) for p, old in zip(model.parameters(), before, strict=True))
    assert widget.absent_controls() and widget.treat() is widget and widget.next_patient() is widget
    assert "Your network, 64 → 16 → 10" in sentence(widget)


def test_each_test_of_your_own_begins_with_it_as_it_is():
    results = []
    for before in ((), ("learning curve",)):
        widget, _ = own()
        for test in (*before, "loss at the start"):
            result = widget.replace(test=test).order().compute()
        results.append(result.report.measured["measured"])
    assert results[0] == results[1]


def test_your_own_softmax_too_many_is_seen_in_one_batch():
    widget, _ = own(softmax=True, test="overfit one batch")
    assert widget.order().compute().report.off


@pytest.mark.parametrize("answers", ["measured", "one logit", "images"])
def test_your_own_may_be_of_any_kind(answers):
    rng = np.random.default_rng(0)
    if answers == "images":
        model = dl.Sequential(dl.Conv2D(1, 4, 3, activation=dl.relu, rng=rng), dl.Flatten(), dl.Dense(144, 10, rng=rng))
        widget = Clinic(model=model, data=dl.data.digits()[:100], optimizer=dl.SGD(model.parameters(), 0.1))
    else:
        x = rng.normal(size=(60, 3)).astype(np.float32)
        model = dl.Sequential(dl.Dense(3, 8, activation=dl.tanh, rng=rng), dl.Dense(8, 1, rng=rng))
        y, loss = (
            (x[:, :1] * 2, dl.squared_error)
            if answers == "measured"
            else ((x[:, :1] > 0).astype(int), dl.binary_cross_entropy)
        )
        widget = Clinic(model=model, data=(x, y), loss=loss, validation=(x[:20], y[:20]))
    for test in TESTS:
        assert sentence(widget.replace(test=test).order())


def test_the_code_for_your_own_runs_with_your_names():
    rng = np.random.default_rng(0)
    model = dl.Sequential(dl.Flatten(), dl.Dense(64, 10, rng=rng))
    given = {
        "model": model,
        "data": dl.data.digits()[:100],
        "loss": dl.cross_entropy,
        "optimizer": dl.SGD(model.parameters(), 0.1),
        "validation": None,
    }
    state = Clinic(**given, test="overfit one batch").order()
    names = dict(given)
    exec(state.code(), names)
    assert names["losses"] == pytest.approx(state.compute().report.measured["losses"], rel=1e-5)


@pytest.mark.parametrize("test", TESTS)
def test_the_code_of_each_test_runs_and_names_nobody(test):
    state = Clinic(number=4, test=test).order()
    names = {}
    exec(state.code(), names)
    for name, value in state.code_results(state.compute()).items():
        np.testing.assert_allclose(np.asarray(names[name]), np.asarray(value), rtol=1e-5, atol=1e-7)
    assert inspect.getsource(TESTS[test].run).split("\n")[0].split("(")[0] in state.code()


def test_what_cannot_be_examined_is_said():
    rng = np.random.default_rng(0)
    model, digits = dl.Dense(64, 10, rng=rng), dl.data.digits()[:20]
    with pytest.raises(WrongTypeError, match=r"Clinic: model should be a network, such as dl.Sequential"):
        Clinic(model=lambda x: x, data=digits)
    with pytest.raises(WrongTypeError, match=r"Clinic: data should be a dl.data.Dataset\(x, y\) or a pair"):
        Clinic(model=model, data=3)
    with pytest.raises(DataError, match="Clinic: data should hold ten examples at least, not 5"):
        Clinic(model=model, data=digits[:5])
    with pytest.raises(WrongTypeError, match="Clinic: loss should be a function"):
        Clinic(model=model, data=digits, loss="squared")
    with pytest.raises(WrongTypeError, match="Clinic: optimizer should be made first"):
        Clinic(model=model, data=digits, optimizer=dl.SGD)
