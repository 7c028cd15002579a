"""The course as a site: each lesson a page, from its stored results, and the library's reference from its docstrings.

Sphinx, MyST-NB and the theme that Jupyter books have do the work; `pip install "dlcourse[site]"` brings them. Nothing is
executed, and a reader's browser asks nobody else for anything: formulas are MathML, scripts and letters lie in the folder.

lessons.py turns a notebook into what MyST-NB shows, extension.py tells Sphinx, sources.py lays out the pages, build.py
runs it. lite.py builds JupyterLite beside them, where the lessons run in the browser, with the wheels of wheels.py.
`dlcourse site` builds the pages from a clone.
"""
