"""The pages of outcomes and data quality, from marts with a few invented rows; who is signed in is a stand-in here."""

import ast
import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient
from PIL import Image

from include.history import freeze as freezing
from include.monitor import reading
from include.monitor.access import may_decide
from include.monitor.app import make_app
from include.monitor.outcomes import charts, footing
from include.monitor.outcomes.choice import Choice, Offered
from include.monitor.pages import outcomes
from include.people.languages import wording
from include.people.languages.texts import languages, said
from include.pipeline.marts.parquet import write_parquet
from include.pipeline.marts.snapshot import snapshot_of, write_snapshot
from include.study import figures
from include.study.figures.style import style
from include.warehouse import open_warehouse
from include.warehouse.frames import append
from include.warehouse.schema import mart_tables
from include.warehouse.tables import read_table
from tests.monitor.test_texts import as_told, is_known, rows_of
from tests.study.figures.layout import crowded, outside, texts
from tests.study.figures.marts import fill_marts
from tests.support.warehouses import Templates

SCRIPT = "<script>alert(1)</script>{{ 7 * 7 }}"
FORMULA = "=HYPERLINK(1)"
LOOKS: list[dict[str, Any]] = []


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[TestClient]:
    """The pages over a snapshot of filled marts, for a stand-in who is signed in."""
    folder = tmp_path_factory.mktemp("monitor")
    url = templates.duckdb(folder / "registry.duckdb")
    with open_warehouse(url) as warehouse:
        fill_marts(warehouse)
        label = {"stratification": "sex", "stratum": "female", "stratification_label": SCRIPT, "stratum_label": "W"}
        warehouse.run("UPDATE marts.survival_summary SET immortal_time = stratification = 'procedures'")
        warehouse.run(
            "UPDATE marts.hazard_ratio SET hazard_ratio = NULL, ci_low = NULL, ci_high = NULL, p_value = NULL "
            "WHERE stratification = 'procedures'"
        )
        for mart, p_value in (("survival_comparison", 0.0271), ("hazard_ratio", 0.0002)):
            warehouse.run(f"UPDATE marts.{mart} SET p_value = {p_value} WHERE stratification = 'extrahepatic'")
        warehouse.run("DELETE FROM marts.stratification WHERE stratification = 'sex'")
        append(warehouse, "marts.stratification", pd.DataFrame([label]))
        month = {"month": date(2020, 11, 1), "site": "all", "source": "all", "unit": "%"}
        items = [("completeness_known_item", 50.0), ("completeness_withheld_item", None), ("completeness", None)]
        told = [{**month, "indicator": name, "value": value} for name, value in items]
        clinic = {**month, "source": "clinic", "indicator": "records_passing"}
        told += [{**clinic, "month": date(2020, number, 1), "value": 90.0 + number} for number in (9, 10, 11)]
        append(warehouse, "marts.registry_indicator", pd.DataFrame(told))
        response = {"assessment": "best", "criteria": "mrecist", "response": FORMULA, "stratification": "all"}
        append(warehouse, "marts.response_rate", pd.DataFrame([{**response, "denominator_kind": "treated"}]))
        warehouse.connection.commit()
        write_snapshot(warehouse, snapshot_of(str(folder / "registry.duckdb")))
        kept = folder / "freezes" / "paper-1"
        (kept / "marts").mkdir(parents=True)
        warehouse.run("UPDATE marts.survival_summary SET events = 7 WHERE endpoint = 'os_treatment'")
        warehouse.run("UPDATE marts.cohort SET small_cell = 5")
        warehouse.run("DELETE FROM marts.patient_outcome")
        for table in mart_tables():
            write_parquet(warehouse, table, kept / "marts")
        (kept / "manifest.json").write_text('{"name": "paper-1", "as_of": null, "data_cutoff_date": "", "tables": {}}')
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE", url)
        patch.setattr(outcomes, "note_look", lambda _user, _event, **where: LOOKS.append(where))
        patch.setattr(freezing, "ROOT", folder)
        patch.setattr(freezing, "freezes_folder", lambda _out=None: folder / "freezes")
        patch.setattr(reading, "freezes_folder", lambda: folder / "freezes")
        app = make_app()
        app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
        app.dependency_overrides[may_decide] = lambda: True
        yield TestClient(app, raise_server_exceptions=False)


def definitions() -> set[str]:
    """Each sentence of how the numbers of the pages are defined: what a column means, and how it is computed."""
    shown = {mart: read_table("marts", mart).columns for of_page in outcomes.DEFINED.values() for mart in of_page}
    computed = [row for row in rows_of("metric_definition") if row["mart"] in shown and row["source"]]
    meant = [c.description for row in computed for c in shown[row["mart"]] if c.name in row["metric"].split(", ")]
    return {part for told in (*meant, *(row["definition"] for row in computed)) for part in told.split(". ")}


@pytest.mark.parametrize("spoken", list(languages())[1:])
def test_each_definition_is_told_in_every_language(spoken: str) -> None:
    assert [sentence for sentence in definitions() if said(spoken, sentence, "definition") == sentence] == []


@pytest.mark.parametrize("spoken", list(languages())[1:])
def test_who_defines_a_number_is_told_in_every_language(spoken: str) -> None:
    shown = {mart for of_page in outcomes.DEFINED.values() for mart in of_page}
    sources = {row["source"] for row in rows_of("metric_definition") if row["mart"] in shown}
    ours = {source for source in sources if re.search("registry|study|settings|papers|edition|tumours", source)}

    assert len(ours) > 5
    assert [source for source in ours if said(spoken, source, "source") == source] == []


@pytest.mark.usefixtures("client")
def test_an_endpoint_of_no_study_rule_has_its_name() -> None:
    with reading.marts() as warehouse:
        labels = Offered(warehouse).labels
    assert labels["duration_of_confirmed_response"] == "Duration of confirmed response"


def test_the_page_shows_the_analysis_that_is_asked_for(client: TestClient) -> None:
    page = client.get("/outcomes", params={"stratification": "extrahepatic"}).text

    assert '<option value="extrahepatic" selected>' in page
    for told in ("30.0", "2.00", "44.00", "χ²", ">0.027<", "&lt; 0.001", "data to 7 Nov 2020", "Synthetic data"):
        assert told in page
    assert "nearest" not in page


def test_an_analysis_that_there_is_not_becomes_the_nearest_and_says_so(client: TestClient) -> None:
    page = client.get("/outcomes", params={"endpoint": "pfs", "rule": "unheard of"}).text

    assert '<option value="pfs" selected>' in page
    assert "There is no such analysis" in page


def test_beside_biased_groups_stand_the_hazards_of_their_landmark(client: TestClient) -> None:
    page = client.get("/outcomes", params={"stratification": "procedures"}).text
    biased, unbiased = page.split("<caption>Groups compared")[1:]

    assert "not estimable" in biased.partition("</table>")[0]
    assert "without immortal time" in unbiased.partition("</caption>")[0]
    assert re.search(r'data-label="Hazard ratio[^"]*">\s*\d', unbiased.partition("</table>")[0])


def test_groups_known_after_time_zero_are_called_biased_with_their_landmark(client: TestClient) -> None:
    page = client.get("/outcomes", params={"stratification": "procedures"}).text

    assert "stratification=procedures_landmark" in page


def test_groups_whose_hazards_cannot_be_estimated_are_drawn(client: TestClient) -> None:
    assert client.get("/outcomes/chart/survival.svg", params={"stratification": "procedures"}).status_code == 200


def test_a_chart_that_the_marts_have_too_few_rows_for_is_a_picture_that_says_why(client: TestClient) -> None:
    place, asked = (
        "/outcomes/chart/swimmer.svg",
        {"params": {"freeze": "paper-1"}, "headers": {"Accept-Language": "fr"}},
    )
    why = "Rien à tracer : aucun patient traité n'a de suivi connu."

    assert Image.open(io.BytesIO(client.get(place.replace("svg", "png"), **asked).content)).width > 1000
    assert client.get(place, **asked).headers["content-type"] == "image/svg+xml"
    assert unquote(client.head(place, **asked).headers["Registry-Undrawn"]).startswith(why)
    assert "Registry-Undrawn" not in client.head("/outcomes/chart/response.svg").headers


def test_why_a_chart_is_not_drawn_has_words_in_every_language() -> None:
    files = Path(figures.__file__).parent.glob("*.py")
    calls = (
        node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    )
    reasons = {as_told(call.args[0]) for call in calls if ast.unparse(call.func) == "NothingToDraw"}

    assert len(reasons) > 5
    assert [reason for reason in reasons if not is_known(reason, "chart")] == []


@pytest.mark.parametrize("name", ["survival", "response", "response_waterfall", "toxicity", "cumulative_incidence"])
def test_charts_are_svg_png_and_csv(client: TestClient, name: str) -> None:
    svg, png, table = (client.get(f"/outcomes/chart/{name}.{kind}") for kind in ("svg", "png", "csv"))
    (first, *_) = csv.DictReader(io.StringIO(table.text))

    assert svg.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in svg.content
    assert Image.open(io.BytesIO(png.content)).text["Description"].endswith("date: 2020-11-07, cohort_patients: 1")  # type: ignore[attr-defined]
    assert (first["data_cutoff_date"], first["cohort_patients"]) == ("2020-11-07", "1")
    assert "definition" in first
    assert table.headers["content-disposition"] == f'attachment; filename="{name}_2020-11-07.csv"'


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("language", list(languages())[1:])
def test_a_chart_has_no_english_word_left_and_no_text_on_another(language: str) -> None:
    with reading.marts() as warehouse, style():
        for name in charts.names():
            figure = charts.drawn(warehouse, charts.Wanted(name, Choice(), language=language))
            left = [text for text in texts(figure) if wording.in_chart(text) != text]
            assert (name, left, outside(figure), crowded(figure)) == (name, [], [], [])


@pytest.mark.parametrize("language", list(languages())[1:])
@pytest.mark.parametrize("name", charts.names())
def test_what_a_chart_shows_is_defined_in_every_language(name: str, language: str) -> None:
    mart, metric = footing.DEFINED[name]
    meant = [column.description for column in read_table("marts", mart).columns if column.name == metric]
    computed = [row for row in rows_of("metric_definition") if row["mart"] == mart]
    meant += [row["definition"] for row in computed if metric in (row["metric"], *row["metric"].split(", "))]
    sentences = [sentence for told in meant for sentence in told.split(". ")]

    assert sentences
    assert [one for one in sentences if said(language, one, "definition") == one] == []


@pytest.mark.usefixtures("client")
def test_a_picture_says_below_up_to_when_of_how_many_and_what_it_means() -> None:
    with reading.marts() as warehouse, style():
        wording.spoken.set("en")
        figure = charts.drawn(warehouse, charts.Wanted("response", Choice()))
        cohort = {"data_cutoff_date": date(2020, 11, 7), "patients": 52, "is_synthetic": True}
        place = footing.written_below(figure, footing.footing("en", cohort, "Patients with the response. " * 9))
        below = figure.texts[-1]
        held = below.get_window_extent().transformed(figure.dpi_scale_trans.inverted())

    assert below.get_text().startswith(
        "Data to 7 Nov 2020, n = 52. Synthetic data: every patient is invented. Patients"
    )
    assert "\n" in below.get_text()
    assert (held.y1 <= 0, place.x0 <= held.x0, held.x1 <= place.x1, place.y0 <= held.y0) == (True, True, True, True)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            "Endpoint: Overall survival from diagnosis, Rules: FDA, Criteria: mRECIST, Entry: delayed, Interval: log.",
        ),
        ("fr", "Critère de jugement : Survie globale depuis le diagnostic, Règles : FDA"),
    ],
)
def test_a_survival_picture_says_which_analysis_it_is(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    written: list[str] = []
    monkeypatch.setattr(
        charts, "written_below", lambda figure, text: written.append(text) or footing.written_below(figure, text)
    )
    wanted = Choice("os_diagnosis", "fda", "mrecist", "delayed", "all", "log")
    charts.chart(charts.Wanted("survival", wanted, language=language), "png")

    assert written[0].startswith(told)


def test_charts_of_single_persons_are_for_those_who_may_see_cells_and_each_look_is_kept(client: TestClient) -> None:
    LOOKS.clear()
    allowed = client.get("/outcomes/chart/swimmer.svg").status_code
    client.app.dependency_overrides[may_decide] = lambda: False  # type: ignore[attr-defined]
    charts = [f"{name}.{kind}" for name in ("swimmer", "response_waterfall") for kind in ("svg", "png", "csv")]
    refused = {client.get(f"/outcomes/chart/{name}").status_code for name in charts}
    page = client.get("/outcomes/response").text
    client.app.dependency_overrides[may_decide] = lambda: True  # type: ignore[attr-defined]

    assert (allowed, refused) == (200, {403})
    assert ("swimmer.svg" in page, page.count("shown to those who may see rows")) == (False, 2)
    assert LOOKS == [{"page": "outcomes/chart/swimmer.svg", "freeze": ""}]


def test_a_picture_opened_by_itself_may_have_its_colours(client: TestClient) -> None:
    policy = client.get("/outcomes/chart/survival.svg").headers["content-security-policy"]

    assert "style-src 'unsafe-inline'" in policy
    assert "sandbox" in policy


def test_numbers_told_in_steps_are_said_to_differ_by_that(client: TestClient) -> None:
    now, kept = (client.get("/outcomes/study", params={"freeze": name}).text for name in ("", "paper-1"))

    assert ("whole steps of" in now, "whole steps of 5" in kept) == (False, True)


def test_an_item_whose_value_is_withheld_comes_last(client: TestClient) -> None:
    page = client.get("/quality").text

    assert page.index(">known item<") < page.index(">withheld item<")


def test_a_departments_indicator_is_drawn_month_by_month(client: TestClient) -> None:
    drawn = client.get("/quality").text.partition('aria-label="Records passing, clinic, month by month"')[2]

    (points,) = re.findall('points="([^"]+)"', drawn.partition("</svg>")[0])
    assert len(points.split()) == 3


def test_an_indicator_of_which_nothing_is_counted_says_so(client: TestClient) -> None:
    page = client.get("/quality").text

    assert "nothing to count" in page.partition("Known within 30 days")[2].partition("</figure>")[0]


def test_a_cell_of_a_csv_starts_no_formula(client: TestClient) -> None:
    table = client.get("/outcomes/chart/response.csv").text

    assert f"'{FORMULA}" in table
    assert f",{FORMULA}" not in table


def test_what_data_say_is_text_never_html(client: TestClient) -> None:
    page = client.get("/outcomes", params={"stratification": "sex"}).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
    assert SCRIPT not in page


def test_a_freeze_is_shown_as_it_was_kept(client: TestClient) -> None:
    now, kept = (client.get("/outcomes", params={"freeze": name}).text for name in ("", "paper-1"))

    assert '<td data-label="Events">4</td>' in now
    assert '<td data-label="Events">7</td>' in kept
    assert "As the freeze paper-1 keeps them" in kept
    assert client.get("/outcomes/chart/survival.svg", params={"freeze": "paper-1"}).status_code == 200
    assert client.get("/outcomes", params={"freeze": "../../etc"}).status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/outcomes/chart/passwd.svg",
        "/outcomes/chart/survival.exe",
        "/outcomes/nothing",
        "/quality/lineage/pg_catalog.pg_user",
    ],
)
def test_what_there_is_not_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/outcomes",
        "/outcomes/response",
        "/outcomes/cohort",
        "/outcomes/study",
        "/quality",
        "/quality/steps",
    ],
)
def test_every_page_speaks_french(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "fr-CH,fr;q=0.9"}).text

    assert '<html lang="fr">' in page
    assert "Qualité des données" in page


def test_before_the_first_night_a_page_says_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAREHOUSE", "duckdb:////nowhere/registry.duckdb")
    answer = client.get("/quality")

    assert (answer.status_code, "the first night makes them" in answer.text) == (200, True)


def test_a_page_that_fails_tells_no_text_of_the_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_freeze: str) -> None:
        raise ValueError("Q7-secret")

    monkeypatch.setattr(reading, "marts", fail)
    answer = client.get("/outcomes")

    assert answer.status_code == 500
    assert "This page failed" in answer.text
    assert "Q7-secret" not in answer.text + caplog.text
    assert "ValueError" in caplog.text
