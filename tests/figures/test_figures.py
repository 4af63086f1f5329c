"""Figures from a few mart rows: files that open, the same bytes twice, numbers where the marts have them."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from include.figures import kaplan_meier, swimmer, toxicity, waterfall, write_figures
from include.figures.marts import Marts
from include.figures.style import style
from include.figures.write import drawings
from include.warehouse import Warehouse, open_warehouse, prepare
from include.warehouse.frames import append

PNG = b"\x89PNG\r\n\x1a\n"
STEPS = [(0.0, 10, 0, 0, 1.0), (5.0, 10, 1, 0, 0.9), (12.0, 9, 0, 3, 0.9), (30.0, 6, 3, 0, 0.45), (40.0, 3, 0, 3, 0.45)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Marts with a curve for every panel, grades and three patients."""
    with open_warehouse(f"duckdb:///{tmp_path_factory.mktemp('figures') / 'registry.duckdb'}") as warehouse:
        prepare(warehouse)
        fill_survival(warehouse)
        grades = [
            {"criteria": c, "analyte": a, "timepoint": t, "grade": g, "patients": 2, "denominator": 10, "percent": 20.0}
            for c in ("ctcae_v3", "ctcae_v5")
            for a in ("AST", "ALT", "BILI")
            for t in ("baseline", "day_1", "day_5", "month_2")
            for g in range(5)
        ]
        append(warehouse, "marts.toxicity", pd.DataFrame(grades))
        append(warehouse, "marts.patient_outcome", pd.DataFrame(patients()))
        yield warehouse


def fill_survival(warehouse: Warehouse) -> None:
    """The same steps for every curve of the figures."""
    curves = {
        (panel["endpoint"], panel["rule"], panel["entry"], panel["stratification"], stratum)
        for panels in kaplan_meier.panels().values()
        for panel in panels
        for stratum in panel["strata"]
    }
    names = ("endpoint", "rule", "entry", "stratification", "stratum")
    also = {"criteria": "none", "ci_method": "log-log"}
    keys = [{**dict(zip(names, curve, strict=True)), **also} for curve in sorted(curves)]
    steps = [
        {
            **key,
            "time_months": t,
            "at_risk": n,
            "events": d,
            "censored": c,
            "survival": s,
            "ci_low": s / 2,
            "ci_high": s,
        }
        for key in keys
        for t, n, d, c, s in STEPS
    ]
    append(warehouse, "marts.survival_curve", pd.DataFrame(steps))
    summary = {"patients": 10, "events": 4, "median_months": 30.0, "median_ci_low": 5.0, "median_ci_high": None}
    append(warehouse, "marts.survival_summary", pd.DataFrame([{**key, **summary} for key in keys]))
    tests = {tuple(key[name] for name in names[:-1]) for key in keys if key["stratification"] != "all"}
    compared = [
        {**dict(zip(names, test, strict=False)), "criteria": "none", "p_value": 0.0004} for test in sorted(tests)
    ]
    append(warehouse, "marts.survival_comparison", pd.DataFrame(compared))


def patients() -> list[dict[str, Any]]:
    """A death after progression, a long response, a patient never evaluated."""
    alive = {"os_event": False, "pfs_event": False, "last_session_months": 0}
    dead = {"os_event": True, "pfs_event": True, "last_session_months": 3}
    pd_, pr = (
        {"best_response": "PD", "best_change_percent": 40},
        {"best_response": "PR", "best_change_percent": -50},
    )
    return [
        {"patient_key": "a", "os_months": 9, "pfs_months": 4, **dead, **pd_},
        {"patient_key": "b", "os_months": 30, "pfs_months": 28, "response_months": 2, **alive, **pr},
        {"patient_key": "c", "os_months": 1, "pfs_months": 0, **alive},
    ]


@pytest.fixture
def marts(filled: Warehouse) -> Marts:
    """The filled marts."""
    return Marts(filled)


def texts(figure: Figure | None) -> list[str]:
    """Everything written in the plots of a figure, their keys included."""
    assert figure is not None
    found = [text.get_text() for axes in figure.axes for text in axes.texts]
    legends = [axes.get_legend() for axes in figure.axes]
    return found + [text.get_text() for legend in legends if legend for text in (*legend.texts, legend.get_title())]


def test_every_figure_is_written_twice_alike(filled: Warehouse, tmp_path: Path) -> None:
    first, empty = write_figures(filled, tmp_path / "first")
    second, _ = write_figures(filled, tmp_path / "second")
    assert empty == []
    assert {path.name for path in first} == {f"{name}.{kind}" for name in drawings() for kind in ("png", "svg")}
    for path, again in zip(first, second, strict=True):
        content = path.read_bytes()
        assert content == again.read_bytes(), path.name
        if path.suffix == ".png":
            assert content.startswith(PNG)
        else:
            assert ElementTree.fromstring(content).tag.endswith("svg")  # noqa: S314


def test_an_empty_registry_gives_no_figure_and_says_so(warehouse: Warehouse, tmp_path: Path) -> None:
    written, empty = write_figures(warehouse, tmp_path / "out")
    assert written == []
    assert empty == list(drawings())


def test_a_curve_says_events_median_and_test(marts: Marts) -> None:
    written = texts(kaplan_meier.draw(marts, kaplan_meier.panels()["kaplan_meier_extrahepatic"]))
    assert "No: 4/10, 30 (5 to not reached)" in written
    assert any("Log-rank p < 0.001" in text for text in written)
    assert any("(95 % CI, log-log)" in text for text in written)


def test_panels_that_stand_together_say_what_they_show() -> None:
    for panels in kaplan_meier.panels().values():
        titles = [panel["title"] for panel in panels]
        assert len(set(titles)) == len(titles)
        assert all(len(title) > 3 for title in titles), titles


def test_the_numbers_at_risk_are_those_just_before_the_tick(marts: Marts) -> None:
    (panel,) = kaplan_meier.panels()["kaplan_meier_extrahepatic"]
    steps = kaplan_meier.curves_of(marts, panel)["no"]
    assert [kaplan_meier.at_risk(steps, months) for months in (0, 6, 12, 13, 36, 48)] == [10, 9, 9, 6, 3, 0]


@pytest.mark.parametrize(("last", "shown"), [(40.0, [0, 6, 12, 18, 24, 30, 36, 42]), (83.0, list(range(0, 85, 12)))])
def test_ticks_are_whole_steps_of_months(last: float, shown: list[int]) -> None:
    assert kaplan_meier.ticks(last) == shown


def test_the_waterfall_falls_from_left_to_right(marts: Marts) -> None:
    figure = waterfall.draw(marts)
    assert figure is not None
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == [40.0, -50.0]


def test_each_patient_has_a_lane_and_its_marks(marts: Marts) -> None:
    figure = swimmer.draw(marts)
    assert figure is not None
    axes = figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [1.0, 9.0, 30.0]
    marks = {str(line.get_marker()): list(line.get_xdata()) for line in axes.lines}
    assert axes.get_xlim()[0] < 0, "a mark at month 0 would be on the edge"
    assert "Best response (mRECIST)" in texts(figure)
    assert marks == {"|": [0.0, 3.0, 0.0], "^": [2.0], "D": [4.0], "X": [9.0], ">": [1.0, 30.0]}


def test_toxicity_counts_patients_in_every_bar(marts: Marts) -> None:
    figure = toxicity.draw(marts)
    written = texts(figure)
    assert written.count("n = 10") == 24
    assert written.count("2") == 120


def test_time_points_are_named_on_one_line_that_fits(marts: Marts) -> None:
    with style():
        figure = toxicity.draw(marts)
        assert figure is not None
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    labels = figure.axes[-1].get_xticklabels()
    assert [label.get_text() for label in labels] == ["Baseline", "Day 1", "Day 5", "Month 2"]
    boxes = [label.get_window_extent(canvas.get_renderer()) for label in labels]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
