"""The folder that Sphinx reads: the lessons as they are, the README as the first page, and a page per part of the library."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path

from dlcourse import notebooks
from dlcourse.site import course_map
from dlcourse.ways.pages import GLOSSARY

__all__ = ["GROUPS", "MODULES", "REPOSITORY", "pages", "repository"]

REPOSITORY = "DLCOURSE_REPOSITORY"
"""The variable of the environment that names the repository, for the links to Binder and Colab."""
PLACEHOLDER = "OWNER/dlcourse"

GROUPS = {
    "Tensors and derivatives": (
        "Tensor Parameter differentiable no_grad gradcheck gradient jacobian hessian hessian_vector_product paths OPERATIONS"
    ),
    "Operations": (
        "absolute add astype avg_pool2d affine broadcast_to clip concatenate conv2d cos divide embedding exp gru index log lstm "
        "matmul max max_pool2d maximum mean min minimum multiply negative normalize pad power reshape simple_rnn sin sqrt stack "
        "subtract sum transpose where"
    ),
    "Activations": (
        "elu gelu hard_sigmoid hard_tanh identity leaky_relu log_sigmoid log_softmax relu sigmoid silu softmax softplus softsign tanh"
    ),
    "Layers": (
        "Module Sequential Flatten Dense Conv1D Conv2D MaxPool2D AvgPool2D GlobalAvgPool2D SimpleRNN LSTM GRU Embedding "
        "BatchNorm LayerNorm Dropout"
    ),
    "Initializations": "glorot_normal glorot_uniform he_normal he_uniform lecun_normal lecun_uniform orthogonal",
    "Losses": "squared_error absolute_error huber hinge binary_cross_entropy cross_entropy kl_divergence",
    "Regularizers": "L1 L2 L1L2 MaxNorm",
    "Optimizers": "Optimizer SGD Adagrad Adadelta RMSprop Adam AdamW Nadam OnPlateau find_lr",
    "Training": "fit Training History EarlyStopping save load",
    "Looking at a model": "predict accuracy precision recall confusion_matrix diagnose random_slice",
    "Sweeps and other libraries": "sweep translate load_from",
    "The course": "glossary review",
}
"""The library's public names by the headings of the reference. A test holds them against `dlcourse.__all__`."""

MODULES = {
    "Data: dl.data": "dlcourse.data",
    "Schedules: dl.schedules": "dlcourse.optimizers.schedules",
    "Spaces of a sweep: dl.spaces": "dlcourse.sweeps.spaces",
    "Errors: dl.errors": "dlcourse.errors",
}
"""Modules whose names are reached through them, as in `dl.data.digits()`."""

_ABROAD = re.compile(r"\[!\[Binder\].*?\n\n\(`OWNER`.*?\)\n\n", re.DOTALL)
_CONTENTS = """
```{toctree}
:caption: Ways through
:hidden:

map
lessons/glossary
```

```{toctree}
:caption: Lessons
:hidden:

%s
```

```{toctree}
:caption: The library
:hidden:

reference/index
CHANGELOG
```
"""


_CLASS = """{{ objname | escape | underline }}

.. currentmodule:: {{ module }}

.. autoclass:: {{ objname }}
   :members:
"""
_OTHER = """{{ objname | escape | underline }}

.. currentmodule:: {{ module }}

.. auto{{ objtype }}:: {{ objname }}
"""
STYLE = """
.dlc-widget { margin: 1em 0; max-width: 100%; }
.dlc-widget img, details img { max-width: 100%; height: auto; background: white; }
.dlc-widget figcaption { text-align: left; font: inherit; font-size: 0.85em; color: var(--pst-color-text-base); }
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(figure.dlc-widget) {
  background: transparent; color: inherit; padding: 0;
}
html[data-theme="dark"] .bd-content div.cell_output figure.dlc-widget img { padding: 0; }
.dlc-formula { overflow-x: auto; overflow-y: hidden; margin: 0.8em 0; }
details { margin-bottom: 1em; }
.bd-content div.highlight pre { font-size: 0.75rem; }
.dlc-run { font-size: 0.85em; }
"""


def repository() -> str:
    """The account and the name of the repository; a placeholder where nobody has said it."""
    return os.environ.get(REPOSITORY, PLACEHOLDER)


def pages(root: Path) -> dict[str, bytes]:
    """What Sphinx reads: the contents of its files by their names, relative to its folder.

    Parameters
    ----------
    root : Path
        The repository: its README, CHANGELOG, LICENSE, CITATION.cff and lessons become the site.
    """
    lessons = notebooks.lessons(root / "lessons")
    taken = [root / name for name in ("CHANGELOG.md", "LICENSE", "CITATION.cff")]
    taken += [*lessons, root / "lessons" / GLOSSARY, *(root / "lessons" / "images").iterdir()]
    contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in taken}
    readme = _ABROAD.sub("", (root / "README.md").read_text(encoding="utf-8"))  # a badge is a picture on another host
    readme = readme.replace(PLACEHOLDER, repository())
    toc = _CONTENTS % "\n".join(f"lessons/{path.stem}" for path in lessons)
    written = {
        "index.md": readme + toc,
        "map.md": course_map.page(),
        "reference/index.rst": _reference(),
        "_static/dlcourse.css": STYLE + course_map.STYLE,
        "_templates/autosummary/class.rst": _CLASS,
        "_templates/autosummary/base.rst": _OTHER,
    }
    return contents | {name: text.encode() for name, text in written.items()}


def _reference() -> str:
    """A page that lists every public name by heading; autosummary writes a page for each."""
    lines = ["Reference", "=========", "", "``import dlcourse as dl``; each name below belongs to it.", ""]
    sections = [(title, "dlcourse", names.split()) for title, names in GROUPS.items()]
    sections += [(title, module, importlib.import_module(module).__all__) for title, module in MODULES.items()]
    for title, module, names in sections:
        lines += [
            title,
            "-" * len(title),
            "",
            f".. currentmodule:: {module}",
            "",
            ".. autosummary::",
            "   :toctree: names",
            "",
        ]
        lines += [f"   {name}" for name in names] + [""]
    return "\n".join(lines)
