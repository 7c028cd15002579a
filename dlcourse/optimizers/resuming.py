"""What an optimizer needs to go on where it stopped: rate, settings, number of steps, and what its rule keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from dlcourse.arrays import Array
from dlcourse.errors import ArgumentError, brief
from dlcourse.optimizers.flat import Flat
from dlcourse.optimizers.schedules import described
from dlcourse.tensor import Tensor

__all__ = ["Resumable"]

SETTING = (bool, int, float, str, tuple, type(None))
OF_THE_WHOLE = {"rule", "steps", "lr", "schedule", "lr_factor", "settings"}


def _of_one_kind(here: Any, there: Any) -> bool:
    """Whether two values could be the same setting: numbers, as many as here; None stands for a number that is not set."""
    if isinstance(here, tuple):
        return isinstance(there, tuple) and len(here) == len(there) and all(map(_of_one_kind, here, there))
    numbers = (int, float, type(None))
    return isinstance(there, numbers) if isinstance(here, numbers) else isinstance(there, type(here))


class Resumable:
    """The part of an optimizer that gives its state away and takes it over."""

    state_names: ClassVar[tuple[str, ...]] = ()
    owner: str
    steps: int
    parameters: list[Tensor]
    flats: list[Flat]
    _lr: float | Callable[[int], float]
    _lr_factor: float

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next steps depend on besides the parameters: rate, settings, steps made, copies of what is kept.

        Of a schedule only the description is kept: give the same one to the optimizer that goes on.
        """
        schedule = callable(self._lr)
        state: dict[str, Any] = {
            "rule": self.owner,
            "steps": self.steps,
            "lr": None if schedule else self._lr,
            "schedule": described(self._lr) if schedule else None,
            "lr_factor": self._lr_factor,
            "settings": self._settings(),
        }
        return state | {name: piece.copy() for name, piece in self._pieces().items()}

    def _settings(self) -> dict[str, Any]:
        """What was set when the optimizer was made, or later: momentum, betas, clipping and the like."""
        return {
            name: value
            for name, value in vars(self).items()
            if not name.startswith("_") and name not in ("owner", "steps") and isinstance(value, SETTING)
        }

    def _pieces(self) -> dict[str, Array]:
        """What the rule keeps of each parameter: views by names such as "velocity.0"."""
        position = {id(p): i for i, p in enumerate(self.parameters)}
        return {
            f"{name}.{position[id(p)]}": piece
            for flat in self.flats
            for name, array in zip(self.state_names, flat.state, strict=True)
            for p, piece in zip(flat.parameters, flat.split(array), strict=True)
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what `state_dict` returned; the next steps are then the same as without the interruption.

        The rate and the settings are taken over too. To go on with others, set them afterwards: `optimizer.lr = 1e-4`.

        Parameters
        ----------
        state : dict

        Raises
        ------
        ArgumentError
            If it belongs to another rule, other parameters or another schedule. Nothing is changed then.
        """
        pieces = self._pieces()
        self._check_pieces(state, pieces)
        steps, settings = int(state["steps"]), {}
        lr, factor = self._lr, self._lr_factor
        if "settings" in state:  # not in files from before version 0.1
            self._check_schedule(state)
            settings = self._given(state["settings"])
            lr = lr if state["lr"] is None else float(state["lr"])
            factor = float(state["lr_factor"])
        for name, value in settings.items():
            setattr(self, name, value)
        self.steps, self._lr, self._lr_factor = steps, lr, factor
        for name, piece in pieces.items():
            piece[...] = state[name]

    def _given(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Those of the state's settings that this rule has, each of the kind that it has here."""
        given = {}
        for name, here in self._settings().items():
            if name not in settings:
                continue
            value = settings[name]
            value = tuple(value) if isinstance(value, list) else value
            if not _of_one_kind(here, value):
                raise ArgumentError(
                    f"{self.owner}: {name} is {brief(value)} in the state, and {brief(here)} here. Was the state changed by hand?"
                )
            given[name] = value
        return given

    def _check_pieces(self, state: dict[str, Any], pieces: dict[str, Array]) -> None:
        if state.get("rule") != self.owner:
            raise ArgumentError(
                f"{self.owner}: this state was kept by {state.get('rule')}, not by {self.owner}. Go on with the same rule."
            )
        for name in sorted(pieces.keys() | (state.keys() - OF_THE_WHOLE)):
            here, there = np.shape(pieces.get(name, ())), np.shape(state.get(name, ()))
            if here != there or name not in pieces or name not in state:
                raise ArgumentError(
                    f"{self.owner}: the state does not fit these parameters at {name!r}: shape {there} "
                    f"there, {here} here. It was kept for another model."
                )

    def _check_schedule(self, state: dict[str, Any]) -> None:
        here = described(self._lr) if callable(self._lr) else None
        if here != state["schedule"]:
            was = state["schedule"] or f"the rate {state['lr']:g}"
            raise ArgumentError(
                f"{self.owner}: this state was kept with {was}, and here is {here or f'the rate {self._lr:g}'}. Make the optimizer "
                "with what it had, load, and set optimizer.lr after that."
            )
