"""A lesson as a page of HTML that needs nothing else, neither network nor kernel: formulas are MathML, pictures are inside."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from typing import Any

from dlcourse import notebooks

__all__ = ["as_mathml", "export"]

# nbconvert's own template asks other hosts for scripts, and writes no text alternative, though the notebook holds one for
# each picture of a widget. A browser without MathML would show the letters of a formula one after the other. Chromium lays
# out MathML Core, which knows no `columnalign`, and takes `-webkit-right` alone for the cells of a formula in lines.
TEMPLATE = """{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock html_head_js -%}
{%- block html_head_js_mathjax -%}{%- endblock html_head_js_mathjax -%}
{%- block html_head_js_mermaidjs -%}{%- endblock html_head_js_mermaidjs -%}
{%- block jupyter_widgets -%}{%- endblock jupyter_widgets -%}
{%- block extra_css -%}
<style>
  .dlc-formula { overflow-x: auto; overflow-y: hidden; margin: 0.8em 0; }
  math { font-size: 1.1em; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "DejaVu Math TeX Gyre", math, serif; }
  mtd[columnalign="right"] { padding-right: 0; text-align: -webkit-right; }
  mtd[columnalign="left"] { padding-left: 0; text-align: left; }
</style>
{%- endblock extra_css -%}
{%- block data_png scoped -%}
{%- set about = output.metadata.get('image/png', {}) -%}
<div class="jp-RenderedImage jp-OutputArea-output {{ extra_class }}">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- if about.width %} width="{{ about.width }}"{% endif %}
 alt="{{ about.alt or output.data.get('text/plain', '') | escape_html }}">
</div>
{%- endblock data_png -%}
"""


def export(path: Path) -> str:
    """A lesson as a page of HTML, with the sentence of each widget as the text alternative of its picture.

    Parameters
    ----------
    path : Path
        The notebook. Nothing is executed: what is stored is shown.

    Returns
    -------
    str
        The page. What it shows is all inside.
    """
    notebook = notebooks.read("export", path)
    page: str = _exporter()(raw_template=TEMPLATE).from_notebook_node(notebook, {"metadata": {"name": path.stem}})[0]
    return page


def as_mathml(formula: str, *, display: bool) -> str:
    """A formula in TeX's language as MathML, which browsers draw themselves; the formula as it is where that fails.

    Parameters
    ----------
    formula : str
        Without dollar signs.
    display : bool
        Whether it stands on a line of its own.

    Examples
    --------
    >>> as_mathml("n^2", display=False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline" alttext="n^2"><mrow><msup><mi>n</mi><mn>2</mn></msup></mrow></math>'
    """
    from latex2mathml.converter import convert

    text = html.escape(formula.strip(), quote=True)
    try:
        # latex2mathml knows lines below each other as "split" only, and draws the marks of "aligned" as letters
        lines = formula.strip().replace("{aligned}", "{split}")
        drawn = convert(lines, display="block" if display else "inline")
    except Exception:  # a formula of the learner's own may be anything
        return f"<code>{text}</code>"
    drawn = drawn.replace(">", f' alttext="{text}">', 1)
    # A wide one is scrolled, with keys too.
    return f'<div class="dlc-formula" tabindex="0">{drawn}</div>' if display else drawn


@cache
def _exporter() -> Any:
    """nbconvert's exporter, made when it is needed, with formulas as MathML."""
    from jinja2 import pass_context
    from nbconvert import HTMLExporter
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return as_mathml(body, display=True)

        def inline_math(self, body: str) -> str:
            return as_mathml(body, display=False)

    class Exporter(HTMLExporter):
        @pass_context
        def markdown2html(self, context: Any, source: str) -> str:
            renderer = Renderer(
                escape=False,
                attachments=context.get("cell", {}).get("attachments", {}),
                path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            )
            text: str = MarkdownWithMath(renderer=renderer).render(source)
            return text

    return Exporter
