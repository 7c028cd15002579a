"""What `WhyItWorks` says, and the code that computes the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dlcourse.live.numbers import decimals
from dlcourse.live.source import plain_source
from dlcourse.widgets.it_works_why import networks, numbers
from dlcourse.widgets.it_works_why.networks import DIGITS
from dlcourse.widgets.it_works_why.numbers import WhyResult
from dlcourse.widgets.it_works_why.state import WhyState
from dlcourse.widgets.softmax.words import share

__all__ = ["answer", "code", "code_results", "describe", "percent", "short", "spoken", "written_out"]


def percent(value: float) -> str:
    """One decimal, and none for all or nothing.

    Examples
    --------
    >>> percent(0.9778), percent(1.0), percent(0.0)
    ('97.8 %', '100 %', '0 %')
    """
    return f"{100 * value:.0f} %" if value in (0.0, 1.0) else f"{100 * value:.1f} %"


def short(sure: str) -> str:
    """How sure a network is, for the picture.

    Examples
    --------
    >>> short("more than 99.9 %"), short("64.4 %")
    ('> 99.9 %', '64.4 %')
    """
    return sure.replace("more than", ">").replace("less than", "<")


def spoken(state: WhyState, name: str) -> str:
    """How a sentence calls a network."""
    if name != "yours":
        return {"untrained": "the untrained network"}.get(name, name)
    return "your network" if state.model is not None else "A (give yours: WhyItWorks(model=…))"


def written_out(picture: np.ndarray) -> str:
    """Code for a picture, (8, 8, 1)."""
    rows = ",\n    ".join(str([round(float(value), 4) for value in row]) for row in picture[:, :, 0])
    return f"np.array([\n    {rows},\n], np.float32)[:, :, None]"


def answer(shares: np.ndarray) -> tuple[int, str]:
    """What a network says, and how sure it is."""
    best = int(shares.argmax())
    return best, share(float(shares[best]))


def describe(state: WhyState, result: WhyResult) -> str:
    """What both networks say, what the cover does, where their maps are strongest, and how many digits they read."""
    parts = []
    for name, one in zip(state.names, result.maps, strict=True):
        (says, sure), (then, left) = answer(one.shares), answer(one.under_cover)
        text = f"{spoken(state, name)} says {says} ({sure})"
        if state.how == "cover":
            text += f", under the cover {then} ({left})"
        parts.append(text)
    text = f"{_picture(state)}: {'; '.join(parts)}."
    if state.how == "cover":
        text += f" The cover lies on row {state.at[0] + 1}, column {state.at[1] + 1}."
    if state.hides:
        return text + " The map on the right is covered."
    places = [np.unravel_index(np.abs(one.worth).argmax(), (8, 8)) for one in result.maps]
    first, second = (f"row {i + 1}, column {j + 1}" for i, j in places)
    text += f" Strongest, on the left: {first}; on the right: {second}."
    text += f" Rank correlation of the maps: {decimals(result.alike + 0.0, 2).replace('−0.00', '0.00')}."
    (name, rival), (here, there) = state.names, (percent(each.reads) for each in result.maps)
    read = f"{spoken(state, name)} reads {here} and {spoken(state, rival)} {there}"
    return text + f" Of the 360 digits, {_specks(state)}, {read}."


def _picture(state: WhyState) -> str:
    kind = state.kind
    if state.speck in DIGITS:
        kind += f" with the speck of tray {state.speck}"
    elif state.example in DIGITS and state.speck != "none":
        kind += f" with the speck of {'its own' if state.speck == 'its own' else 'the next'} tray"
    return kind + state.changed


def _specks(state: WhyState) -> str:
    if state.speck == "none":
        return "with no specks"
    own = {"its own": "each with the speck of its own tray", "the next": "each with the speck of the next tray"}
    return own.get(state.speck, f"all with the speck of tray {state.speck}")


def code(state: WhyState) -> str:
    """The networks, the picture written out, and both maps."""
    makers = {"A": "taught(specks=False)", "B": "taught(specks=True)", "untrained": "untrained()"}
    own = "model" if state.model is not None else makers["A"]
    models = ", ".join(makers.get(name, own) for name in state.names)
    sources: list[Callable[..., Any]] = [
        networks.specked,
        networks.parts,
        networks.learned,
        networks.taught,
        networks.untrained,
    ]
    sources += [numbers.covered, numbers.cover_map] if state.how == "cover" else [numbers.gradient_map]
    made = f"cover_map(network, picture, {state.wide})" if state.how == "cover" else "gradient_map(network, picture)"
    made += " * picture[:, :, 0]" if state.how == "gradient × pixel" else ""
    return (
        "import numpy as np\nimport dlcourse as dl\n\n"
        + "\n".join(plain_source(function) for function in sources)
        + ("\n# model is your own network\n" if "yours" in state.names and state.model is not None else "\n")
        + f"picture = {written_out(state.image)}\n"
        f"maps, shares = [], []\nfor network in ({models}):\n"
        f"    maps.append({made})\n"
        "    shares.append(dl.softmax(dl.predict(network, picture[None])).data[0])\n"
        "print(np.round(shares, 2))\nprint(np.round(maps, 2))\n"
    )


def code_results(state: WhyState, result: WhyResult) -> dict[str, Any]:
    """What the code leaves behind."""
    return {"maps": [one.worth for one in result.maps], "shares": [one.shares for one in result.maps]}
