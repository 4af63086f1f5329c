"""Writes every figure that the marts have rows for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from include.figures import kaplan_meier, swimmer, toxicity, waterfall
from include.figures.marts import Marts
from include.figures.style import save, style
from include.warehouse import Warehouse

Drawing = Callable[[Marts], Figure | None]


def drawings() -> dict[str, Drawing]:
    """File name to what draws it."""
    curves = {name: partial(kaplan_meier.draw, wanted=wanted) for name, wanted in kaplan_meier.panels().items()}
    return {
        **curves,
        "response_waterfall": waterfall.draw,
        "swimmer": swimmer.draw,
        "toxicity": toxicity.draw,
    }


def write_figures(warehouse: Warehouse, folder: Path) -> tuple[list[Path], list[str]]:
    """Files written, and names of figures that the marts have no rows for."""
    folder.mkdir(parents=True, exist_ok=True)
    marts = Marts(warehouse)
    written: list[Path] = []
    empty: list[str] = []
    with style():
        for name, draw in drawings().items():
            figure = draw(marts)
            if figure is None:
                empty.append(name)
            else:
                written += save(figure, folder, name)
    return written, empty
