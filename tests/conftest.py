"""What all tests share: the collected tests are kept out of the garbage collector's way."""

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
