"""Where the nodes of a graph are, in inches."""

from __future__ import annotations

from dlcourse.widgets.backpropagation.graph import Graph

__all__ = ["EXTENT", "places"]

EXTENT = {"wide": (7.2, 4.4), "narrow": (3.6, 7.4)}
"""Width and height of the axes of that name."""


def places(graph: Graph, kind: str) -> dict[int, tuple[float, float]]:
    """Where each node is drawn: forwards is to the right, in a narrow cell downwards."""
    width, height = EXTENT[kind]
    at = {}
    for number, node in enumerate(graph.nodes):
        if node.kind == "constant":
            continue
        along, across = node.place
        if kind == "wide":
            at[number] = (0.4 + along * (width - 0.85), 1.05 + across * (height - 1.6))
        else:
            at[number] = (0.35 + (1 - across) * (width - 0.7), height - 0.55 - along * (height - 1.65))
    return at
