"""`dlcourse site`: the whole course as web pages."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import dlcourse
from dlcourse import files
from dlcourse.cli.arguments import UserError, need
from dlcourse.site.build import build
from dlcourse.site.lite import FOLDER, build_lite, fetch

if TYPE_CHECKING:
    from dlcourse.cli.arguments import Commands

ELSEWHERE = "Choose another folder, for example: dlcourse site --to ~/site"


def add_to(commands: Commands) -> None:
    """Describe the command."""
    command = commands.add_parser("site", help="for authors: write all lessons and the library's reference as a site")
    command.add_argument("--to", default="site", metavar="FOLDER", help="where to write it (default: site)")
    command.add_argument(
        "--lite",
        metavar="FOLDER",
        help="add JupyterLite, in which the lessons run in the browser; this folder keeps what npm and pip fetch for it",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the pages, and print where they begin."""
    root = Path(dlcourse.__file__).resolve().parent.parent
    if not (root / "lessons").is_dir():
        raise UserError("a site is built from a clone of the repository: its README becomes the first page.")
    for module, name in (
        ("sphinx", "Sphinx"),
        ("myst_nb", "MyST-NB"),
        ("sphinx_book_theme", "its theme"),
        ("numpydoc", "numpydoc"),
    ):
        need(module, name, "dlcourse[site]")
    if options.lite:
        need("jupyterlite_core", "JupyterLite", "dlcourse[site]")
        need("jupyterlite_pyodide_kernel", "JupyterLite's kernel", "dlcourse[site]")
        if shutil.which("npm") is None:
            raise UserError(
                "npm, which brings Pyodide's core, is not installed. It comes with Node.js; or leave out --lite."
            )
    folder = Path(files.make_folder("site", options.to, elsewhere=ELSEWHERE)).resolve()
    warnings = build(folder, root, lite=bool(options.lite))
    if options.lite:
        place = Path(files.make_folder("site", options.lite, elsewhere=ELSEWHERE)).resolve()
        fetch(place)
        build_lite(folder / FOLDER, root, place)
    print(folder / "index.html")
    return 1 if warnings else 0
