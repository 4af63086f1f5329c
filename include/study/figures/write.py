"""Writes every figure that the marts have enough rows for, each with its caption."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from include.study.figures import forest, incidence, kaplan_meier, response, shift, swimmer, toxicity, waterfall
from include.study.figures.caption import caption_of
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn, NothingToDraw
from include.study.figures.style import save, style
from include.warehouse import Warehouse

Drawing = Callable[[Marts], Drawn]


def drawings() -> dict[str, Drawing]:
    """File name to what draws it."""
    curves = {name: partial(kaplan_meier.draw, wanted=wanted) for name, wanted in kaplan_meier.panels().items()}
    incidences = {name: partial(incidence.draw, wanted=wanted) for name, wanted in incidence.panels().items()}
    return {
        **curves,
        **incidences,
        "hazard_ratios": forest.draw,
        "response": response.draw,
        "response_waterfall": waterfall.draw,
        "swimmer": swimmer.draw,
        "toxicity": toxicity.draw,
        "toxicity_shift": shift.draw,
    }


def write_figures(warehouse: Warehouse, folder: Path) -> tuple[list[Path], dict[str, str]]:
    """Files written, and why figures were not drawn, by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    marts = Marts(warehouse)
    written: list[Path] = []
    left_out: dict[str, str] = {}
    with style():
        for name, draw in drawings().items():
            try:
                drawn = draw(marts)
            except NothingToDraw as reason:
                left_out[name] = str(reason)
                continue
            caption = caption_of(marts, name, drawn)
            written += save(drawn.figure, folder, name, caption.title, caption.alternative)
            written.append(_write(folder / f"{name}.txt", caption.text))
    return written, left_out


def _write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
