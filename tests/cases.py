"""Many small cases in one test: pytest and its workers take some 4 ms for a test, a thousand times what a case takes."""

import inspect
from collections.abc import Callable, Collection
from typing import Any

import pytest

__all__ = ["every"]

SHOWN = 20


def every(names: str, cases: Collection[Any], ids: Callable[[Any], Any] = str) -> Callable[[Callable[..., None]], Any]:
    """Give a test each of these cases, as `pytest.mark.parametrize` does, but in one test; stands below all marks.

    Every case is tried, whatever the others do; one that is skipped skips no other. Those that fail are named in the message, the first of them with their errors.

    Parameters
    ----------
    names : the arguments that a case is for, as "row, kind"
    cases : values, or tuples of them where there are several arguments
    ids : what a value is called in the message
    """
    arguments = names.replace(",", " ").split()

    def around(test: Callable[..., None]) -> Callable[..., None]:
        def test_of_all(**others: Any) -> None:
            failed: dict[str, BaseException] = {}
            skipped = 0
            for case in cases:
                values = case if len(arguments) > 1 else (case,)
                try:
                    test(**others, **dict(zip(arguments, values, strict=True)))
                except pytest.skip.Exception:
                    skipped += 1
                except (Exception, pytest.fail.Exception) as error:
                    name = ", ".join(str(ids(value)) for value in values)
                    error.add_note(f"with {names} = {name}")
                    failed[name] = error
            if skipped == len(cases):
                pytest.skip("no case is for here")
            if failed:
                listed = "; ".join(list(failed)[:SHOWN])
                raise BaseExceptionGroup(
                    f"{len(failed)} of {len(cases)} cases: {listed}", list(failed.values())[:SHOWN]
                )

        left = [one for one in inspect.signature(test).parameters.values() if one.name not in arguments]
        test_of_all.__signature__ = inspect.Signature(left)  # type: ignore[attr-defined]
        test_of_all.__name__, test_of_all.__qualname__, test_of_all.__doc__ = (
            test.__name__, test.__qualname__, test.__doc__,
        )  # fmt: skip
        test_of_all.__module__ = test.__module__
        return test_of_all

    return around
