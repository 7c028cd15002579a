"""PyTorch with what its manual recommends for speed; see with_pytorch.py."""

from contenders import with_pytorch
from contenders.with_pytorch import make, setup, to_numpy

with_pytorch.BEST = True
__all__ = ["make", "setup", "to_numpy"]
