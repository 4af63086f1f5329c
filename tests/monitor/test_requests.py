"""The pages answer on both engines, of PostgreSQL as `registry_reader`; Airflow's login is stood in for."""

import csv
import html
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.definitions.expectations import own_rules, read_rules
from include.monitor import access, listing
from include.monitor.app import make_app
from include.monitor.pages import decisions, files, intake, letter, outcomes, quarantine, tonight
from include.monitor.runs import Shown
from include.people.decisions import Selection, note_records
from include.people.languages.texts import text
from include.pipeline.marts.publishing import publish
from include.warehouse import open_warehouse
from include.warehouse.access import make_roles
from tests.monitor.routes import OF_AIRFLOW, OWN, ROUTES
from tests.support.extracts import row
from tests.support.registry import Registry, registry

__all__ = ["registry"]

JSON = {**OWN, "Accept": "application/json"}
ADA = SimpleNamespace(get_name=lambda: "ada", get_id=lambda: "ada")
OPEN = {"feed": "results", "state": "open"}


@pytest.fixture
def load_id(registry: Registry) -> str:
    """The load of the open row L1; two later files are held."""
    registry.deliver("patients", "2020-01-01", row("patients"))
    wrong = registry.deliver("results", "2020-01-02", row("results", "L1", value="90000"), row("results", "L2"))
    values = ["30"] * 15 + ["haemolysed"] * 6
    rows = [row("results", f"M{number}", value=value) for number, value in enumerate(values)]
    registry.deliver("results", "2020-01-03", *rows)
    registry.put("visits", "2020-01-02", b"no columns of the feed\n1\n")
    registry.finish()
    publish(registry.warehouse)
    if not registry.warehouse.is_duckdb:
        make_roles(registry.warehouse)
    registry.warehouse.connection.close()
    registry.warehouse.engine.dispose()
    return wrong.load_id


@pytest.fixture
def pages(registry: Registry, load_id: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The pages to somebody who may decide."""
    manager = SimpleNamespace(is_authorized_asset=lambda method, user: method == "POST" and user is ADA)
    place = sa.make_url(registry.settings.warehouse)
    reader = place if place.get_backend_name() == "duckdb" else place.set(username="registry_reader")
    monkeypatch.setenv("MONITOR_WAREHOUSE", reader.render_as_string(hide_password=False))
    monkeypatch.setattr(access, "get_auth_manager", lambda: manager)
    for page in (intake, letter, listing, outcomes, quarantine):
        monkeypatch.setattr(page, "note_look", lambda *_, **__: None)
    monkeypatch.setattr(
        tonight, "latest_runs", lambda _: {"laboratory": Shown("/dags/ingest_laboratory/runs/1", "/log")}
    )
    monkeypatch.setattr(files, "run_of", lambda *_: None)
    app = make_app()
    app.dependency_overrides[get_user] = lambda: ADA
    with TestClient(app, headers=JSON) as client:
        yield client


def test_pages_and_requests_answer(pages: TestClient, load_id: str) -> None:
    asked = [route for route in ROUTES if route.template not in OF_AIRFLOW]
    answers = [pages.request(route.method, route.path(load_id), json=route.body) for route in asked]
    assert [answer.status_code for answer in answers] == [route.operator for route in asked]
    assert 'href="/dags/ingest_laboratory/runs/1"' in pages.get("/").text
    cells = pages.get(f"/quarantine/{load_id}/1").text
    assert "<code>&gt;=60</code> and <code>&gt;60</code> mean 60" in cells
    assert "`" not in cells
    held = pages.get("/decisions").text
    rows = pages.get("/rules/results.value.unreadable/rows.csv").text
    place = next(line for line in rows.splitlines() if ",held" in line).split(",")
    of_held = pages.get(f"/quarantine/{place[4]}/{place[5]}")
    assert (of_held.status_code, "is in its file alone" in of_held.text) == (200, True)
    assert "6 of 21 rows fail a critical rule" in held
    assert "haemolysed" not in held
    french = {"Accept-Language": "fr"}
    assert "<strong>laboratoire</strong>" in pages.get("/decisions", headers=french).text
    assert "services en retard : clinique, laboratoire" in pages.get("/", headers=french).text
    assert "6 lignes sur 21 échouent" in pages.get("/decisions", headers=french).text

    def preview(**selection: str) -> int:
        asked = {"kind": "reject", "selection": selection}
        answer = pages.post("/decisions/preview", json=asked)
        return int(answer.json()["count"]) if answer.is_success else answer.status_code

    assert preview(**OPEN) == 1
    told = pages.post("/decisions/preview", json={"kind": "reject", "selection": OPEN}, headers=french).json()
    assert [group["source"] for group in told["groups"]] == ["laboratoire"]
    assert preview(state="open") == preview(**OPEN, record_key="L1") == preview(row_number="1", **OPEN) == 422
    assert pages.post("/quarantine/find", json={"key": "L1"}).json()[0]["load_id"] == load_id
    unsaid = pages.post("/decisions", json={"kind": "undo", "decision_id": 1, "reason": "other", "more": " "})
    assert (unsaid.status_code, unsaid.json()["refused"][:7]) == (409, "REG-603")
    told = pages.post("/decisions", json={"kind": "undo", "decision_id": 1}, headers=french).json()["refused"]
    assert "est possible chez un vivant" in pages.get("/letter.csv?source=laboratory", headers=french).text
    assert told.startswith("REG-603 : Donnez une raison")


def test_every_file_is_listed_narrowed_and_a_sheet(pages: TestClient, load_id: str) -> None:
    every, held = (pages.get(path).text for path in ("/files", "/files?state=held"))
    sheet = pages.get("/files.csv?state=held&source=laboratory").text.splitlines()

    assert (f"/files/{load_id}" in every, f"/files/{load_id}" in held) == (True, False)
    assert ["rows fail a critical rule" in shown for shown in (every, held)] == [True, True]
    assert [line.split(",")[2:4] for line in sheet[1:]] == [["laboratory", "results"]]
    assert ".csv" not in "".join(sheet)


def test_what_people_decided_is_a_sheet_without_a_formula(registry: Registry, load_id: str, pages: TestClient) -> None:
    with open_warehouse(registry.settings.warehouse) as warehouse:
        note_records(warehouse, Selection(load_id=load_id), "mg", "=cmd()")
    (made,) = csv.DictReader(pages.get("/decisions.csv?kind=note").text.removeprefix("\ufeff").splitlines())

    assert (made["kind"], made["row_count"], made["decided_by"], made["reason"]) == ("note", "1", "mg", "'=cmd()")


def test_a_rules_page_has_its_sql(pages: TestClient) -> None:
    shown = pages.get("/rules/results.unit.unknown").text

    assert "FROM {batch} AS staged" in shown


def test_a_form_is_told_why_it_was_not_answered_and_keeps_its_words(
    pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(**asked: object) -> str:
        return str(pages.post("/decisions", json={"kind": "undo", **asked}).json()["refused"])

    assert told(decision_id="none") == text("en", "error.misunderstood_form")
    nobody = SimpleNamespace(is_authorized_asset=lambda method, user: False)
    monkeypatch.setattr(access, "get_auth_manager", lambda: nobody)
    assert told(decision_id=1) == text("en", "error.not_allowed_form")
    pages.app.dependency_overrides.clear()  # type: ignore[attr-defined]
    assert told(decision_id=1) == text("en", "error.signed_out_form")


def test_held_files_have_pages_and_one_that_is_no_more_shows_the_first(
    pages: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "FILES", 1)
    first, second, gone = (pages.get(f"/decisions?kind=note&held={number}").text for number in (1, 2, 3))

    assert 'href="?kind=note&amp;held=2#held"' in first
    assert ["rows fail a critical rule" in shown for shown in (first, second, gone)] == [True, False, True]
    assert "file.columns.missing" in second


def test_a_rules_page_says_how_long_it_took_together_with_the_others_of_the_rows(pages: TestClient) -> None:
    shown = pages.get("/rules/results.unit.unknown").text

    assert f" ms for all {len(own_rules('results'))} rules of the feed&#39;s rows" in shown
    assert "for all" not in pages.get("/rules/results.collected_at.after_death").text


def test_a_retired_rule_was_not_asked_with_the_others_of_the_rows(
    registry: Registry, load_id: str, pages: TestClient
) -> None:
    with open_warehouse(registry.settings.warehouse) as warehouse:
        warehouse.run("UPDATE reference.rule SET retired_version = '0.9' WHERE rule_id = 'results.unit.unknown'")

    assert "for all" not in pages.get("/rules/results.unit.unknown").text


def test_the_rules_of_an_owner_are_listed_with_what_waits_for_it(pages: TestClient) -> None:
    every = pages.get("/rules").text
    (own,) = re.findall(r'<th scope="row"><a href="(/rules[?]owner=[^"]+)">registry office</a></th>(.*?)</tr>', every)

    assert re.findall(r">(\d+)</td>", own[1])[-1] == "1"
    assert f"{len(read_rules())} rules" in pages.get(own[0]).text
    assert "Nothing has all of this" in pages.get("/rules?owner=nobody").text


@pytest.mark.parametrize(
    ("path", "first"),
    [("/rules?sort=rule", "ascending"), ("/rules?sort=failed", "descending"), ("/quarantine?sort=day", "descending")],
)
def test_a_second_click_turns_the_order_of_a_column(pages: TestClient, path: str, first: str) -> None:
    shown = pages.get(path).text
    (head,) = re.findall(r'<th scope="col"[^>]*aria-sort.*?</th>', shown)
    link = re.sub("[?].*", "", path) + html.unescape(head.partition('href="')[2].partition('"')[0])
    turned = pages.get(link).text

    def listed(page: str) -> list[str]:
        return re.findall(r'<th scope="row"[^>]*><a href="([^"]+)"', page.partition("</table>")[0])

    assert f'aria-sort="{first}"' in head
    assert f'aria-sort="{"descending" if first == "ascending" else "ascending"}"' in turned
    assert listed(shown)
    assert path.startswith("/quarantine") or listed(shown)[0] != listed(turned)[0]


def test_cells_and_rows_that_are_set_aside_can_be_listed_alone(pages: TestClient, load_id: str) -> None:
    rows, cells = (pages.get(f"/quarantine?part={part}").text for part in ("rows", "cells"))

    assert [f"/quarantine/{load_id}/1" in shown for shown in (rows, cells)] == [True, False]
    assert ["No row is set aside" in shown for shown in (rows, cells)] == [False, True]


def test_a_list_of_all_states_stays_one_when_it_is_sorted(pages: TestClient) -> None:
    assert 'href="?state=any&amp;sort=state"' in pages.get("/quarantine?state=").text


def test_a_decision_leads_to_the_rows_that_it_is_about(registry: Registry, load_id: str, pages: TestClient) -> None:
    with open_warehouse(registry.settings.warehouse) as warehouse:
        note_records(warehouse, Selection(load_id=load_id), "mg", "seen")
    (link,) = re.findall(r'href="(/quarantine[?]decision=\d+)"', pages.get("/decisions").text)

    assert f"/quarantine/{load_id}/1" in pages.get(link).text
    assert "No row is set aside" in pages.get("/quarantine?decision=9").text
