"""Figures from a few mart rows: files that open, the same bytes twice, numbers where the marts have them."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from PIL import Image

from include.study.figures import forest, incidence, response, shift, swimmer, toxicity, waterfall
from include.study.figures import style as look
from include.study.figures.marts import Marts
from include.study.figures.page import NothingToDraw
from include.study.figures.steps import at_risk, ends_at, ticks
from include.study.figures.style import style
from include.study.figures.write import drawings, write_figures
from include.warehouse import Warehouse, open_warehouse
from include.warehouse.frames import append
from include.warehouse.sql import FOLDER, select_text
from tests.study.figures.layout import crowded, outside, texts
from tests.study.figures.marts import fill_marts
from tests.support.warehouses import Templates

EXTRAHEPATIC = drawings()["kaplan_meier_extrahepatic"]
KINDS = ("pdf", "svg", "png", "tif", "txt")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[Warehouse]:
    """Marts with rows for every figure."""
    with open_warehouse(templates.duckdb(tmp_path_factory.mktemp("figures") / "registry.duckdb")) as warehouse:
        fill_marts(warehouse)
        yield warehouse


@pytest.fixture
def marts(filled: Warehouse) -> Iterator[Marts]:
    """The filled marts, and figures in the look in which they are written."""
    with style():
        yield Marts(filled)


def test_every_figure_is_written_twice_alike(
    filled: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "DOTS_PER_INCH", 40)
    first, left_out = write_figures(filled, tmp_path / "first")
    assert left_out == {}
    assert {path.name for path in first} == {f"{name}.{kind}" for name in drawings() for kind in KINDS}
    of_each_kind = {getattr(draw, "func", draw): (name, draw) for name, draw in drawings().items()}
    monkeypatch.setattr("include.study.figures.write.drawings", lambda: dict(of_each_kind.values()))
    second, _ = write_figures(filled, tmp_path / "second")
    assert len(second) == 8 * len(KINDS)
    for again in second:
        assert again.read_bytes() == (tmp_path / "first" / again.name).read_bytes(), again.name
    caption = (tmp_path / "first" / "kaplan_meier_extrahepatic.txt").read_text("utf-8")
    for part in ("Events/n 4/10", "log-log", "fewer than 5 patients", "2020-11-07", "Synthetic data", "Alternative"):
        assert part in caption


def test_the_files_are_what_journals_take(marts: Marts, tmp_path: Path) -> None:
    one = tmp_path / "figure"
    look.save(EXTRAHEPATIC(marts).figure, tmp_path, one.name, "Title", "For those who do not see it")
    pdf = one.with_suffix(".pdf").read_bytes()
    assert b"/FontFile2" in pdf, "the font is embedded as TrueType"
    assert b"/Type3" not in pdf, "no letter is a drawing"
    svg = ElementTree.fromstring(one.with_suffix(".svg").read_text("utf-8"))  # noqa: S314
    assert "No. at risk" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    for kind in ("png", "tif"):
        with Image.open(one.with_suffix(f".{kind}")) as image:
            assert image.mode == "RGB", "journals refuse transparency"
            assert image.info["dpi"][0] >= 300
            assert round(image.width / image.info["dpi"][0] * 25.4) == 85, "one column"


def test_a_mart_that_an_earlier_version_lacks_stops_no_other_figure(warehouse: Warehouse, tmp_path: Path) -> None:
    warehouse.run("DROP TABLE marts.toxicity_worst")
    _, left_out = write_figures(warehouse, tmp_path / "out")
    assert left_out["toxicity_shift"] == "no patient has a grade after the baseline"


def test_an_empty_registry_gives_no_figure_and_says_why(warehouse: Warehouse, tmp_path: Path) -> None:
    written, left_out = write_figures(warehouse, tmp_path / "out")
    assert written == []
    assert list(left_out) == list(drawings())
    assert left_out["kaplan_meier_overall"] == "the marts have not been made yet"
    for select in (FOLDER / "figures").glob("*.sql"):
        warehouse.frame(select_text(f"figures/{select.stem}"))


@pytest.mark.parametrize("name", drawings())
def test_every_text_is_on_the_page_and_covers_no_other(marts: Marts, name: str) -> None:
    figure = drawings()[name](marts).figure
    assert outside(figure) == []
    assert crowded(figure) == []


def test_a_curve_says_events_median_ratio_and_test(marts: Marts) -> None:
    written = texts(EXTRAHEPATIC(marts).figure)
    assert {"4/10", "30 (5–NR)", "1 (reference)", "2.00 (0.50–44.0)‡", "Log-rank p < 0.001"} <= set(written)


def test_a_curve_ends_where_too_few_are_at_risk(marts: Marts) -> None:
    figure = EXTRAHEPATIC(marts).figure
    assert [max(line.get_xdata()) for line in figure.axes[0].lines[::2]] == [30, 30], "at month 40 there are 3 patients"
    assert figure.axes[0].get_xlim() == (0, 36)
    assert figure.axes[0].get_ylim() == (0, 100)


@pytest.mark.parametrize(("least", "percent", "end"), [(5, 10, 30), (3, 10, 40), (1, 70, 12), (11, 10, None)])
def test_curves_end_by_number_and_share(least: float, percent: float, end: float | None) -> None:
    steps = pd.DataFrame({"time_months": [0, 5, 12, 30, 40], "at_risk": [10, 10, 9, 6, 3]})
    assert ends_at(steps, least, percent) == end


def test_the_numbers_at_risk_are_those_just_before_the_tick_and_under_it(marts: Marts) -> None:
    steps = pd.DataFrame({"time_months": [0, 5, 12, 30, 40], "at_risk": [10, 10, 9, 6, 3]})
    assert [at_risk(steps, months) for months in (0, 6, 12, 13, 36, 48)] == [10, 9, 9, 6, 3, 0]
    figure = EXTRAHEPATIC(marts).figure
    axes = figure.axes[0]
    ticks_at = [axes.transData.transform((month, 0))[0] for month in axes.get_xticks()]
    below = [text for text in figure.texts if text.get_text().isdigit() and text.get_ha() == "center"]
    assert [text.get_text() for text in below] == ["10", "9", "6", "3"] * 2
    assert [text.get_position()[0] * figure.bbox.width for text in below] == pytest.approx(ticks_at * 2)


@pytest.mark.parametrize(
    ("last", "shown"), [(5.0, [0, 12]), (40.0, [0, 12, 24, 36, 48]), (150.0, list(range(0, 169, 24)))]
)
def test_ticks_are_whole_years(last: float, shown: list[int]) -> None:
    assert ticks(last) == shown


def test_incidence_has_a_curve_a_cause_and_grays_test(marts: Marts) -> None:
    figure = incidence.draw(marts, incidence.panels()["cumulative_incidence_progression"]).figure
    assert "Gray's test p = 0.44" in texts(figure)
    assert [max(line.get_ydata()) for line in figure.axes[0].lines[::2]] == [40, 40]


def test_the_forest_names_references_counts_and_what_is_biased(marts: Marts) -> None:
    rows = [(row.name, row.counts, row.text) for row in forest.rows_of(marts, forest.wanted(), "one")]
    assert ("No", "4/10", "1 (reference)") in rows
    assert [text for name, _, text in rows if name == "Four or more"] == ["2.00 (0.50–44.0)†‡", "2.00 (0.50–44.0)‡"]
    markers = [str(line.get_marker()) for line in forest.draw(marts).figure.axes[0].lines]
    assert ">" in markers, "an interval to 44 goes beyond the axis"


def test_every_bar_of_the_waterfall_is_marked(marts: Marts) -> None:
    drawn = waterfall.draw(marts)
    axes = drawn.figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == [40.0, 0.0, -50.0]
    assert {"NE", "0", "*", "PR −30 %", "PD +20 %"} <= set(texts(drawn.figure))
    assert drawn.panels[0].startswith("3 of 4 treated patients have a bar; 1 without")


def test_each_patient_has_a_lane_and_its_marks(marts: Marts) -> None:
    figure = swimmer.draw(marts).figure
    axes = figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [1, 5, 9, 30]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["4   NE", "3   SD", "2   PD", "1   PR"]
    marks = {str(line.get_marker()): list(line.get_xdata()) for line in axes.lines}
    assert marks == {"s": [0, 0, 3, 0], "^": [2], "o": [4], "D": [4], "X": [9], ">": [1, 5, 30]}


@pytest.mark.parametrize("draw", [swimmer.draw, waterfall.draw])
def test_more_patients_than_a_page_holds_are_refused(warehouse: Warehouse, draw: object) -> None:
    many = [
        {"patient_key": str(n), "os_months": 1, "os_event": False, "best_change_percent": 1, "best_response": "SD"}
        for n in range(200)
    ]
    append(warehouse, "marts.patient_outcome", pd.DataFrame(many))
    with pytest.raises(NothingToDraw, match="200 patients are more"):
        draw(Marts(warehouse))  # type: ignore[operator]


def test_toxicity_counts_patients_under_every_bar(marts: Marts) -> None:
    written = texts(toxicity.draw(marts).figure)
    assert written.count("10") == 24
    assert written.count("2") == 120


def test_the_shift_goes_from_baseline_to_worst_grade(marts: Marts) -> None:
    rows = marts.picked("shift", analyte="AST")
    assert shift.counts_of(rows).tolist()[1] == [0, 0, 0, 4, 0]
    assert shift.counts_of(rows).tolist()[5] == [1, 0, 0, 0, 0]
    assert "A, AST: 4 of 5 patients worsened; of 1 the grade is the least it can be." in shift.draw(marts).panels


def test_a_patient_is_in_the_shift_of_each_term_once(marts: Marts) -> None:
    high = marts.picked("shift", analyte="AST")
    panels = shift.panels_of(pd.concat([high, high.assign(term="AST decreased")]), {"AST": "AST"})
    assert {name: shift.counts_of(rows).sum() for name, rows in panels.items()} == {
        "AST, AST decreased": 5,
        "AST, AST increased": 5,
    }


def test_response_bars_add_up_and_say_the_rate(marts: Marts) -> None:
    figure = response.draw(marts).figure
    assert "6/10; 60 (31–83)" in texts(figure)
    assert sum(bar.get_width() for bar in figure.axes[0].patches) == pytest.approx(400)


def test_responses_that_are_withheld_are_told(marts: Marts) -> None:
    marts._frames["response"] = marts.frame("response").assign(patients=None, percent=None)
    drawn = response.draw(marts)
    assert "withheld" in " ".join(drawn.panels)
    assert list(drawn.figure.axes[0].patches) == []


def test_events_that_are_withheld_are_a_dash(marts: Marts) -> None:
    marts._frames["summary"] = marts.frame("summary").assign(events=float("nan"))
    for draw in (EXTRAHEPATIC, forest.draw):
        drawn = draw(marts)
        assert "–/10" in texts(drawn.figure)
        assert not any("nan" in text for text in (*texts(drawn.figure), *drawn.panels))


def test_a_group_that_leaves_at_once_has_no_curve() -> None:
    assert ends_at(pd.DataFrame({"time_months": [0, 3], "at_risk": [10, 1]}), 5, 10) is None
