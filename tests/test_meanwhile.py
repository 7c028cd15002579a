"""What holds for a while holds no longer: not after overlapping blocks, not in other threads or tasks."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

import dlcourse as dl
from dlcourse.layers.modes import evaluating
from dlcourse.meanwhile import Meanwhile, restored


class Raining(Meanwhile):
    pass


class Snowing(Meanwhile):
    pass


class Both(Raining, Snowing):
    pass


def test_blocks_may_overlap_in_any_way():
    first, second = Raining(), Raining()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert Raining.running() == [second]
    second.__exit__(None, None, None)
    assert Raining.running() == []


def test_a_block_can_be_used_again_and_within_itself():
    block = Raining()
    for _ in range(2):
        with block:
            with block:
                pass
            assert block in Raining.running()
        assert not Raining.running()


def test_a_block_of_two_kinds_counts_as_both():
    with Both() as _:
        assert len(Raining.running()) == len(Snowing.running()) == len(Both.running()) == 1
    with Raining():
        assert not Snowing.running() and not Both.running()


def test_nothing_is_kept_of_blocks_that_are_over():
    for _ in range(100):
        with Raining():
            pass
    assert len(Raining.begun.get()) <= 1 and not Raining.running() and Raining.begun.get() == ()


def test_a_block_belongs_to_its_own_thread():
    begun, over, lengths = threading.Event(), threading.Event(), []

    def other():
        with Raining():
            begun.set()
            over.wait(10)
            lengths.append(len(Raining.running()))

    thread = threading.Thread(target=other)
    thread.start()
    begun.wait(10)
    assert not Raining.running()
    over.set()
    thread.join()
    assert lengths == [1] and not Raining.running()


def test_a_block_belongs_to_its_own_task():
    async def inside(begun, over):
        with Raining():
            begun.set()
            await over.wait()
            return len(Raining.running())

    async def both():
        begun, over = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(inside(begun, over))
        await begun.wait()
        outside = len(Raining.running())
        over.set()
        return outside, await task

    assert asyncio.run(both()) == (0, 1)


def test_what_is_switched_within_a_block_is_as_before_after_it():
    model = dl.Sequential(dl.Dropout(0.5, rng=np.random.default_rng(0)))
    with evaluating(model):
        assert not model[0].training
        model.train()
        assert model[0].training
        with evaluating(model):
            assert not model[0].training
        model.eval()
    assert model.training and model[0].training
    model.eval()
    with evaluating(model):
        pass
    assert not model.training


def test_restored_puts_back_after_an_error_and_after_an_interrupt_of_putting_back():
    numbers, tries = [1], []

    def put_back():
        tries.append(1)
        if len(tries) == 1:
            raise KeyboardInterrupt
        numbers[:] = [1]

    with pytest.raises(KeyboardInterrupt):
        restored(lambda: numbers.append(2), put_back)
    assert numbers == [1] and len(tries) == 2


def test_no_grad_that_overlaps_or_runs_elsewhere_leaves_recording_on():
    w = dl.Parameter([1.0])
    first, second = dl.no_grad(), dl.no_grad()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not (w * 2).requires_grad
    second.__exit__(None, None, None)
    assert (w * 2).requires_grad
    begun, over = threading.Event(), threading.Event()

    def sleep():
        with dl.no_grad():
            begun.set()
            over.wait(10)

    thread = threading.Thread(target=sleep)
    thread.start()
    begun.wait(10)
    assert (w * 2).requires_grad
    over.set()
    thread.join()


def test_no_grad_as_a_decorator():
    w = dl.Parameter([1.0])

    @dl.no_grad()
    def twice(x):
        return x * 2

    assert not twice(w).requires_grad and twice.__name__ == "twice" and (w * 2).requires_grad
