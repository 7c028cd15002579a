"""no_grad belongs to its own block, thread and task, whatever happens around it."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.checking.running import run
from dlcourse.errors import ArgumentError, GradientError
from dlcourse.layers.modes import predicting
from dlcourse.recording import begun, is_recording


def records() -> bool:
    """Whether an operation remembers, asked in the way that matters."""
    answer = (dl.Parameter([1.0]) * 2.0).requires_grad
    assert answer == is_recording()
    return answer


@pytest.fixture(autouse=True)
def on_before_and_after():
    assert records()
    yield
    assert records()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_blocks_may_be_closed_in_any_order(order):
    made = [dl.no_grad() for _ in order]
    for block in made:
        block.__enter__()
    for i in order:
        assert not records()
        made[i].__exit__(None, None, None)


def test_one_object_may_be_used_again_and_within_itself():
    quiet = dl.no_grad()
    for _ in range(2):
        with quiet:
            with quiet:
                assert not records()
            assert not records()
        assert records()


def test_an_error_inside_leaves_it_on():
    with pytest.raises(ZeroDivisionError), dl.no_grad():
        _ = 1 / 0


def test_it_holds_for_its_own_thread_only():
    inside, over = threading.Event(), threading.Event()
    heard = {}

    def other():
        heard["before"] = records()
        with dl.no_grad():
            heard["inside"] = records()
            inside.set()
            assert over.wait(5)
            heard["still inside"] = records()
        heard["after"] = records()

    with ThreadPoolExecutor(1) as pool:
        with dl.no_grad():
            waiting = pool.submit(other)
            assert inside.wait(5)
        assert records(), "the other thread's block is none of ours"
        over.set()
        waiting.result()
    assert heard == {"before": True, "inside": False, "still inside": False, "after": True}


def test_one_object_in_two_threads_is_refused_and_nobody_waits_for_ever():
    quiet = dl.no_grad()

    def other():
        with pytest.raises(ArgumentError, match="another thread is in this very block"), quiet:
            pass
        return records()

    with ThreadPoolExecutor(1) as pool, quiet:
        assert pool.submit(other).result(timeout=5)
        assert not records()
    with quiet:
        assert not records()


def test_it_holds_for_its_own_task_only():
    async def quiet(heard):
        with dl.no_grad():
            heard.append(records())
            await asyncio.sleep(0)
            heard.append(records())

    async def loud(heard):
        for _ in range(4):
            heard.append(records())
            await asyncio.sleep(0)

    async def all_of_them():
        heard = [[], [], []]
        await asyncio.gather(quiet(heard[0]), loud(heard[1]), quiet(heard[2]))
        return heard

    assert asyncio.run(all_of_them()) == [[False] * 2, [True] * 4, [False] * 2]


def test_a_task_begun_inside_records_again_when_the_block_is_over():
    async def begin():
        with dl.no_grad():
            task = asyncio.create_task(later())
            await asyncio.sleep(0)
        return await task

    async def later():
        first = records()
        await asyncio.sleep(0.01)
        return first, records()

    assert asyncio.run(begin()) == (False, True)


def test_generators_that_overlap_or_are_thrown_away_leave_it_on():
    def numbers():
        with dl.no_grad():
            yield records()
            yield records()

    first, second = numbers(), numbers()
    assert [next(first), next(second), next(first)] == [False] * 3
    first.close()
    assert not records()
    del second
    gc.collect()
    assert records() and not any(block() for block in begun()), "nothing is kept"


def test_an_answer_that_was_given_up_inside_changes_nothing_outside():
    going_on = threading.Event()

    def sleeps(x):
        with dl.no_grad():
            try:
                time.sleep(0.4)
            finally:
                going_on.set()

    assert run(sleeps, [(1,)], seconds=0.05).stuck is not None
    assert records()
    assert going_on.wait(5)


def test_above_a_function_it_holds_for_each_call():
    @dl.no_grad()
    def calm(depth):
        """Answers."""
        return [records()] + (calm(depth - 1) if depth else [])

    @dl.no_grad()
    async def patient():
        await asyncio.sleep(0)
        return records()

    assert calm.__name__ == "calm" and calm.__doc__ == "Answers."
    assert calm(2) == [False] * 3
    assert asyncio.run(patient()) is False


def test_the_usual_ways_to_combine_it_work():
    @contextmanager
    def mine():
        with dl.no_grad():
            yield

    with mine():
        assert not records()
    with ExitStack() as stack:
        stack.enter_context(dl.no_grad())
        assert not records()
    with predicting(lambda x: x):
        assert not records()


def test_numpy_functions_ask_the_same_switch():
    w, inside, over = dl.Parameter([1.0, 2.0]), threading.Event(), threading.Event()

    def other():
        with dl.no_grad():
            np.cumsum(w)  # bare numbers are fine here
            inside.set()
            over.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(5)
    with pytest.raises(dl.errors.WrongTypeError, match="lose the gradient"):
        np.cumsum(w)
    over.set()
    thread.join()


# Everything that is asked for a derivative, or a training: zeros would be a wrong answer.
ASKED = {
    "gradient": lambda: dl.gradient(lambda w: (w * w).sum(), np.ones(2)),
    "jacobian": lambda: dl.jacobian(lambda w: w * w, np.ones(2)),
    "hessian": lambda: dl.hessian(lambda w: (w * w).sum(), np.ones(2)),
    "hessian_vector_product": lambda: dl.hessian_vector_product(lambda w: (w * w).sum(), np.ones(2), np.ones(2)),
    "gradcheck": lambda: dl.gradcheck(lambda w: (w * w).sum(), np.ones(2)),
    "find_lr": lambda: dl.find_lr(**_training()),
    "fit": lambda: dl.fit(**_training(), epochs=1),
}


def _training():
    rng = np.random.default_rng(0)
    model, data = dl.Dense(2, 1, rng=rng), dl.data.Dataset(np.ones((4, 2)), np.ones((4, 1)))
    optimizer = dl.SGD(model.parameters(), 0.1)
    return {
        "model": model,
        "train": data,
        "loss": dl.squared_error,
        "optimizer": optimizer,
        "batch_size": 2,
        "rng": rng,
    }


def test_the_table_has_all_of_calculus():
    assert set(ASKED) >= set(dl.calculus.derivatives.__all__)


@pytest.mark.parametrize("name", list(ASKED))
def test_a_derivative_is_not_zero_inside_no_grad_but_refused(name):
    ASKED[name]()
    with dl.no_grad(), pytest.raises(GradientError, match="inside no_grad"):
        ASKED[name]()
