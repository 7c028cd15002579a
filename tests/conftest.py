"""What all tests share: the garbage collector looks less often, and not at the collected tests."""

import gc

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Some 28 000 tests are a million objects that live until the end: none of them is looked at again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # as it comes, a tenth of the time would go into thirty thousand looks
