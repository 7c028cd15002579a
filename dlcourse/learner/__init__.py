"""What a learner has done so far: kept in one small file beside the lessons, shown by `progress` and `dlcourse progress`."""

from dlcourse.learner.report import Progress, progress

__all__ = ["Progress", "progress"]
