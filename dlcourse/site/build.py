"""Sphinx with the settings of this site."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from dlcourse import __version__, files
from dlcourse.site.sources import GROUPS, pages, repository

__all__ = ["build"]


def settings(*, lite: bool = False) -> dict[str, Any]:
    """What Sphinx is told, as `conf.py` would have it; `lite` if JupyterLite is in the site."""
    return {
        "project": "dlcourse",
        "author": "the dlcourse authors",
        "version": __version__,
        "extensions": [
            "myst_nb",
            "sphinx.ext.autodoc",
            "sphinx.ext.autosummary",
            "numpydoc",
            "dlcourse.site.extension",
        ],
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["dollarmath"],
        "myst_heading_anchors": 3,
        "html_math_renderer": "mathml",
        "autosummary_generate": True,
        "autosummary_filename_map": {f"dlcourse.{name}": f"dlcourse.{name}-operation" for name in _alike()},
        "templates_path": ["_templates"],
        "default_role": "code",
        "dlcourse_lite": lite,
        "autodoc_typehints": "none",
        "numpydoc_show_class_members": False,
        "html_theme": "sphinx_book_theme",
        "html_title": "dlcourse",
        "html_static_path": ["_static"],
        "html_css_files": ["dlcourse.css"],
        "html_theme_options": {
            "repository_url": f"https://github.com/{repository()}",
            "repository_branch": "main",
            "path_to_docs": "",
            "launch_buttons": {
                "notebook_interface": "jupyterlab",
                "binderhub_url": "https://mybinder.org",
                "colab_url": "https://colab.research.google.com",
            },
            "use_download_button": True,
            "use_repository_button": True,
            "home_page_in_toc": True,
            "max_navbar_depth": 1,
            "navbar_persistent": [],
        },
    }


def _alike() -> list[str]:
    """Names that differ from another one in their capitals alone, as gru from GRU: many disks take them for one file."""
    names = " ".join(GROUPS.values()).split()
    return [name for name in names if name.islower() and sum(other.lower() == name for other in names) > 1]


def build(out: Path, root: Path, *, lite: bool = False) -> int:
    """Build the site.

    Parameters
    ----------
    out : Path
        Where the pages are written.
    root : Path
        The repository.
    lite : bool
        Whether the lessons link to JupyterLite, which lite.py builds beside them.

    Returns
    -------
    int
        How many times Sphinx warned; 0 is as it should be.
    """
    from sphinx.application import Sphinx

    with tempfile.TemporaryDirectory() as place:
        for name, content in pages(root).items():
            path = Path(place, "source", name)
            files.make_folder("site", path.parent)
            files.write("site", path, content)
        app = Sphinx(
            Path(place, "source"),
            None,
            out,
            Path(place, "doctrees"),
            "html",
            confoverrides=settings(lite=lite),
            status=None,
            freshenv=True,
        )
        app.build()
        return int(app._warncount)
