"""Charts as files: SVG and PNG drawn with matplotlib as the paper's figures are, and CSV of the rows they show."""

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from include.basics.sheets import sheet_text
from include.monitor import reading
from include.monitor.listing import read
from include.monitor.outcomes import survival
from include.monitor.outcomes.choice import Choice, dictionaries, rows_of
from include.monitor.outcomes.footing import analysis, definition, footing, saying, written_below
from include.people.languages import wording
from include.people.languages.texts import text
from include.study.figures.marts import Marts
from include.study.figures.page import Drawn, NothingToDraw
from include.study.figures.said import told_by, word_axes
from include.study.figures.style import style
from include.study.figures.write import drawings
from include.warehouse import Warehouse

KINDS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
DOTS_PER_INCH = 300
FIGURES = {
    "response": "response",
    "response_waterfall": "best_change",
    "swimmer": "course",
    "toxicity": "toxicity",
    "toxicity_shift": "shift",
    "cumulative_incidence": "incidence_curve",
    "cumulative_incidence_progression": "incidence_curve",
    "hazard_ratios": "hazard_ratio",
}
"""Figures that are the same for every choice, and the SELECT of include/sql/figures that holds their rows."""
SURVIVAL = "survival"

_drawing = threading.Lock()
"""matplotlib's settings are the process's."""


@dataclass(frozen=True)
class Wanted:
    """A chart: its name, the analysis it is of, the freeze it is drawn from (empty: the marts of now), its language."""

    name: str
    choice: Choice
    freeze: str = ""
    language: str = "en"


def names() -> list[str]:
    """Every chart that there is."""
    return [SURVIVAL, *FIGURES]


@dataclass(frozen=True)
class Chart:
    """A chart's file, and the last day of the data that it shows.

    `undrawn` is why there is nothing to draw, in the reader's language: the picture says it. Empty = it is drawn.
    """

    content: bytes
    cutoff: date | None
    undrawn: str = ""


def chart(wanted: Wanted, kind: str) -> Chart:
    """The chart's file. Raises RegistryError without marts."""
    return _made(wanted, kind, reading.marts_version(wanted.freeze))


@lru_cache(maxsize=64)
def _made(wanted: Wanted, kind: str, _version: str) -> Chart:
    with reading.marts(wanted.freeze) as warehouse:
        wording.spoken.set(wanted.language)
        whose = next(iter(read(warehouse, "cohort")), {})
        defined = definition(warehouse, wanted.name)
        of = {"data_cutoff_date": whose.get("data_cutoff_date"), "cohort_patients": whose.get("patients")}
        told = (asdict(wanted.choice) if wanted.name == SURVIVAL else {}) | {"definition": defined} | of
        if kind == "csv":
            rows = _rows(warehouse, wanted).assign(**told)
            return Chart(sheet_text(list(rows.columns), dictionaries(rows)).encode(), of["data_cutoff_date"])
        with _drawing, style():
            about = ", ".join(f"{name}: {value}" for name, value in told.items())
            figure, undrawn = _drawn_or_why(warehouse, wanted, whose.get("small_cell"))
            below = [analysis(wanted.language, wanted.choice)] if wanted.name == SURVIVAL else []
            below.append(footing(wanted.language, whose, defined))
            place = written_below(figure, " ".join(below))
            return Chart(_file(figure, kind, wanted.name, about, place), of["data_cutoff_date"], undrawn)


def _drawn_or_why(warehouse: Warehouse, wanted: Wanted, least: int | None) -> tuple[Figure, str]:
    """The chart, else a picture that says why there is none, and what it says."""
    try:
        return drawn(warehouse, wanted), ""
    except NothingToDraw as reason:
        told = text(wanted.language, "outcomes.undrawn", why=wording.in_chart(str(reason)))
        withheld = text(wanted.language, "outcomes.withheld", least=least) if least else ""
        why = f"{told} {withheld}".strip()
        return saying(why), why


def drawn(warehouse: Warehouse, wanted: Wanted) -> Figure:
    """The chart in its language, inside of `style`. Raises NothingToDraw."""
    wording.spoken.set(wanted.language)
    with told_by(wording.in_chart):
        figure = _figure(warehouse, wanted)
        word_axes(figure)
    return figure


def _figure(warehouse: Warehouse, wanted: Wanted) -> Figure:
    if wanted.name == SURVIVAL:
        return survival.draw(warehouse, wanted.choice).figure
    figures: Mapping[str, Callable[[Marts], Drawn]] = drawings()
    return figures[wanted.name](Marts(warehouse)).figure


def _rows(warehouse: Warehouse, wanted: Wanted) -> pd.DataFrame:
    if wanted.name == SURVIVAL:
        return rows_of(warehouse, "survival_curve", wanted.choice)
    return Marts(warehouse).frame(FIGURES[wanted.name])


def _file(figure: Figure, kind: str, title: str, about: str, place: Bbox) -> bytes:
    """The picture's file, of this place of the figure's page; it says within itself what it is of."""
    file = io.BytesIO()
    known = {"Title": title, "Description": about} | ({"Date": None} if kind == "svg" else {})
    figure.savefig(file, format=kind, dpi=DOTS_PER_INCH, metadata=known, bbox_inches=place)
    return file.getvalue()
