"""Sweeps: many runs of a learner's own function, each with other settings, on all cores or on a cluster."""

from dlcourse.sweeps import spaces
from dlcourse.sweeps.result import SweepResult
from dlcourse.sweeps.runs import Run
from dlcourse.sweeps.sweep import sweep

__all__ = ["Run", "SweepResult", "spaces", "sweep"]
