"""What holds for a while, and is as before afterwards, whatever happens in between: also an interrupt at any line.

Ctrl-C may fall on the very line that would put something back, also on the first line of `__exit__`, and then it is never
put back. So a `Meanwhile` changes nothing that would have to be put back: a block holds a lock, and whoever asks whether the
block is running looks at that lock. Python lets go of it at the end of `with` in C, where no interrupt gets in between.

What cannot be had that way, numbers in an array for instance, is put back by `restored`, twice.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar
from weakref import ref

from dlcourse.errors import ArgumentError

if TYPE_CHECKING:  # the hints for Python's own call it final, which it is not

    class RLock:
        def acquire(self, blocking: bool = ...) -> bool: ...
        def __exit__(self, *error: object) -> None: ...
        def _is_owned(self) -> bool: ...
else:
    from _thread import RLock

__all__ = ["Meanwhile", "restored"]

T = TypeVar("T")


class Meanwhile(RLock):
    """Base of `with` blocks during which something holds, for the thread and task that runs the block.

    Blocks may overlap in any way. A block of a class that derives from two kinds counts as both.

    Examples
    --------
    >>> class singing(Meanwhile): ...
    >>> with singing():
    ...     len(singing.running())
    1
    >>> singing.running()
    []
    """

    # The blocks that were begun in this thread or task, the latest last; those that are over are left out when somebody looks.
    begun: ClassVar[ContextVar[tuple[ref[Any], ...]]]

    def __init_subclass__(cls) -> None:
        cls.begun = ContextVar(cls.__name__, default=())

    def __new__(cls, *_: Any, **__: Any) -> Any:
        return super().__new__(cls)

    @classmethod
    def running(cls) -> list[Any]:
        """The blocks of this kind that run now in this thread or task, the innermost last."""
        begun = cls.begun.get()
        blocks = [block for block in (it() for it in begun) if block is not None and block._is_owned()]
        if len(blocks) < len(begun):
            cls.begun.set(tuple([ref(block) for block in blocks]))
        return blocks

    def __enter__(self) -> bool:
        for kind in type(self).__mro__:
            if issubclass(kind, Meanwhile) and kind is not Meanwhile:
                kind.running()
                kind.begun.set((*kind.begun.get(), ref(self)))
        # From here on it runs; `__exit__` is the lock's own.
        return self.acquire(blocking=False) or self._is_held_elsewhere()

    def _is_held_elsewhere(self) -> NoReturn:
        """Waiting for the other thread might never end, if that one waits for this one."""
        name = type(self).__name__
        raise ArgumentError(
            f"{name}: another thread is in this very block, the same object. Give each thread its own: call {name}() anew "
            "where the block begins."
        )


def restored(compute: Callable[[], T], put_back: Callable[[], Any]) -> T:
    """Call `compute`, then `put_back` whatever happened: twice, for an interrupt may cut the first short.

    Parameters
    ----------
    compute : callable
        () -> anything; what it changes is put back.
    put_back : callable
        () -> None; calling it again must do no harm.

    Examples
    --------
    >>> mood = ["calm"]
    >>> restored(lambda: mood.append("upset"), lambda: mood.__setitem__(slice(1, None), []))
    >>> mood
    ['calm']
    """
    try:
        try:
            return compute()
        finally:
            put_back()
    finally:
        put_back()
