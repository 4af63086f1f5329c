"""What stands below a chart's picture: which analysis it is, up to when its data reach, of how many, what it means."""

from collections.abc import Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from include.monitor.outcomes.choice import Choice, endpoints
from include.people.languages import wording
from include.people.languages.texts import text
from include.study.figures.page import DOUBLE, INCH
from include.study.figures.style import GREY, NORMAL, SMALL
from include.warehouse import Warehouse
from include.warehouse.sql import select_text

DEFINED = {
    "survival": ("survival_curve", "survival"),
    "response": ("response_rate", "CR, PR, SD, PD, NE"),
    "response_waterfall": ("patient_outcome", "best_change_percent"),
    "swimmer": ("patient_outcome", "os_months"),
    "toxicity": ("toxicity", "percent"),
    "toxicity_shift": ("toxicity_worst", "percent"),
    "cumulative_incidence": ("cumulative_incidence_curve", "cif"),
    "cumulative_incidence_progression": ("cumulative_incidence_curve", "cif"),
    "hazard_ratios": ("hazard_ratio", "hazard_ratio"),
}
"""The mart and number of each chart whose definition it tells."""
TOLD = ("endpoint", "rule", "criteria", "entry", "ci_method")
"""What a survival picture tells of its analysis."""
LETTERS, LINE, EDGE = 19, 0.1, 0.06
"""Letters to an inch, the height of a line and the edge, inches."""


def definition(warehouse: Warehouse, name: str) -> str:
    """What the number of a chart means, in the reader's language; empty in marts that do not tell it."""
    mart, metric = DEFINED[name]
    return wording.definition(warehouse.scalar(select_text("monitor/definition"), mart=mart, metric=metric) or "")


def analysis(language: str, choice: Choice) -> str:
    """Which analysis a picture is of, in the reader's language; the groups stand above it."""
    parts = asdict(choice) | {"endpoint": endpoints().get(choice.endpoint, choice.endpoint)}
    colon = text(language, "all.colon")
    told = (f"{text(language, f'outcomes.{name}')}{colon} {wording.word(parts[name], name)}" for name in TOLD)
    return ", ".join(told) + "."


def footing(language: str, cohort: Mapping[str, Any], defined: str) -> str:
    """The text below a picture."""
    patients = "–" if cohort.get("patients") is None else cohort["patients"]
    told = [text(language, "outcomes.cut_off", day=wording.day(cohort.get("data_cutoff_date")), patients=patients)]
    told += [text(language, "outcomes.synthetic")] if cohort.get("is_synthetic") else []
    return " ".join([*told, defined[:1].upper() + defined[1:]])


def saying(told: str) -> Figure:
    """A picture of words alone, as wide as other figures."""
    lines = wrap(told, int(DOUBLE / INCH * LETTERS))
    height = len(lines) * LINE + 4 * EDGE
    figure = Figure(figsize=(DOUBLE / INCH, height))
    figure.text(EDGE / (DOUBLE / INCH), 1 - 2 * EDGE / height, "\n".join(lines), va="top", fontsize=NORMAL)
    return figure


def written_below(figure: Figure, told: str) -> Bbox:
    """Write a text below a figure; the place of both on its page, inches."""
    width, height = figure.get_size_inches()
    lines = wrap(told, int(width * LETTERS))
    figure.text(EDGE / width, -EDGE / height, "\n".join(lines), va="top", color=GREY, fontsize=SMALL)
    return Bbox([[0, -(len(lines) * LINE + 2 * EDGE)], [width, height]])
