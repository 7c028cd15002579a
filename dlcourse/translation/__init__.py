"""Translation: the same network as plain code of another library, and that library's weights brought back."""

from dlcourse.translation.loading import load_from
from dlcourse.translation.programs import translate

__all__ = ["load_from", "translate"]
