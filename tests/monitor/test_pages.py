"""The managers' pages in a real Airflow: who may see and do what, what is escaped, a decision from start to undo."""

import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import APIRoute

from include.monitor.access import ROW_SEEN
from include.monitor.app import HEADERS, make_app
from tests.monitor.conftest import FORMULA, PASSWORDS, RULE, SCRIPT, Pages, chromium

pytestmark = pytest.mark.scheduler
OWN = {"Sec-Fetch-Site": "same-origin"}
WRITES = {
    "/decisions": {"kind": "undo", "decision_id": 9, "reason": "mistake"},
    "/decisions/preview": {"kind": "reject", "selection": {"feed": "results"}},
    "/quarantine/find": {"key": FORMULA},
}
CELLS = ("/letter.csv?source=laboratory", "/decisions/runs/none")


def routes(pages: Pages) -> Iterator[tuple[str, str]]:
    """Every route of the pages with something to ask it for."""
    filled = {"rule_id": RULE, "load_id": pages.load_id, "row_number": "1", "run_id:path": "none"}
    filled |= {"name": "monitor.js", "part": "response", "kind": "svg"}
    for route in make_app().routes:
        assert isinstance(route, APIRoute)
        path = re.sub(r"{([^}]+)}", lambda found: filled[found[1]], route.path)
        for method in route.methods:
            yield method, f"/monitor{path}"


def answered(client: httpx.Client, path: str) -> httpx.Response:
    """The answer, when no step writes any more."""
    for _ in range(30):
        answer = client.get(f"/monitor{path}")
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        time.sleep(1)
    return answer


def test_every_route_is_refused_without_login(pages: Pages) -> None:
    with pages.client() as nobody:
        asked = {(method, path): nobody.request(method, path).status_code for method, path in routes(pages)}

    assert len(asked) > 10
    assert set(asked.values()) == {401}


def test_a_viewer_sees_counts_and_no_cell(pages: Pages) -> None:
    with pages.client("vera") as vera:
        row = answered(vera, f"/quarantine/{pages.load_id}/1")
        refused = {path: vera.get(f"/monitor{path}").status_code for path in CELLS}
        refused |= {
            path: vera.post(f"/monitor{path}", json=body, headers=OWN).status_code for path, body in WRITES.items()
        }
        pages_seen = {path: answered(vera, path) for path in ("/rules", f"/rules/{RULE}", "/quarantine", "/decisions")}

    assert row.status_code == 200
    assert "Your role shows this page without them" in row.text
    assert set(refused.values()) == {403}
    assert [answer.text for answer in pages_seen.values() if answer.status_code != 200] == []
    assert not any("P-secret" in answer.text or "90000" in answer.text for answer in (row, *pages_seen.values()))


def test_an_operator_sees_the_row_escaped_and_each_look_is_kept(pages: Pages) -> None:
    with pages.client("otto") as otto:
        row = answered(otto, f"/quarantine/{pages.load_id}/1")

    assert "<script>alert" not in row.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in row.text
    assert "90000" in row.text
    assert {name: row.headers[name] for name in HEADERS} == HEADERS
    kept = pages.admin._get("/eventLogs", event=ROW_SEEN)["event_logs"]
    assert [(one["owner"], json.loads(one["extra"])) for one in kept] == [
        ("otto", {"load_id": pages.load_id, "row_number": 1})
    ]


def test_no_sheet_holds_a_formula_or_another_cell(pages: Pages) -> None:
    sheets = ("/quarantine.csv", f"/rules/{RULE}/rows.csv", "/letter.csv?source=laboratory")
    with pages.client("otto") as otto:
        said = [answered(otto, path) for path in sheets]

    assert all(answer.headers["content-type"].startswith("text/csv") for answer in said)
    assert all(f"'{FORMULA}" in answer.text and f",{FORMULA}" not in answer.text for answer in said)
    assert not any(cell in answer.text for answer in said for cell in ("P-secret", "90000", SCRIPT[:8]))


@pytest.mark.parametrize("path", WRITES)
def test_what_another_page_sends_is_refused(pages: Pages, path: str) -> None:
    with pages.client("otto") as otto:
        cross = otto.post(f"/monitor{path}", json=WRITES[path], headers={"Sec-Fetch-Site": "cross-site"})
        neighbour = otto.post(f"/monitor{path}", json=WRITES[path], headers={"Origin": "http://127.0.0.1:1"})
        form = otto.post(f"/monitor{path}", data={"kind": "undo"}, headers=OWN)

    assert (cross.status_code, neighbour.status_code, form.status_code) == (403, 403, 415)


def test_what_is_triggered_by_hand_does_nothing(pages: Pages) -> None:
    order = {"kind": "reject", "selection": {"feed": "results"}, "mark": "1-x", "reason": "by hand"}
    run = pages.admin._ask("POST", "/dags/decide/dagRuns", json={"logical_date": None, "conf": order})
    path = f"/dags/decide/dagRuns/{run['dag_run_id']}"
    for _ in range(60):
        state = pages.admin._get(path)["state"]
        if state in ("failed", "success"):
            break
        time.sleep(0.5)

    assert state == "failed"
    with pages.client("otto") as otto:
        assert FORMULA in answered(otto, "/quarantine").text


def test_a_manager_overrides_a_row_takes_it_back_and_rejects_all_of_a_filter(pages: Pages) -> None:
    from playwright.sync_api import expect, sync_playwright

    errors: list[str] = []
    with sync_playwright() as play, play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"]) as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda told: errors.append(told.text) if told.type == "error" and "503" not in told.text else None,
        )
        page.goto(f"{pages.url}/auth/login")
        page.fill("input[name=username]", "otto")
        page.fill("input[name=password]", PASSWORDS["otto"])
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(f"{pages.url}/monitor/quarantine")
        page.get_by_role("link", name=re.compile(f"results {pages.load_id} 1")).click()
        page.get_by_label("Reason").select_option("confirmed")
        page.get_by_label("In your own words").fill("by telephone")
        page.get_by_role("button", name="Declare right (override)").click()
        expect(page.locator("form.decide .result")).to_contain_text("Done. 1 overridden", timeout=60_000)
        with pages.client("otto") as otto:
            assert FORMULA not in answered(otto, "/quarantine").text
            assert "The department confirms the value: by telephone" in answered(otto, "/decisions").text
        page.get_by_role("button", name="Undo this decision").click()
        expect(page.locator("form.decide .result")).to_have_text("Done.", timeout=60_000)
        with pages.client("otto") as otto:
            assert FORMULA in answered(otto, "/quarantine").text
        page.goto(f"{pages.url}/monitor/quarantine?feed=results")
        page.get_by_label("Reason").select_option("other_person")
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_role("dialog")).to_contain_text(
            f"Rows that this is about: 1 results {pages.load_id} 1: open"
        )
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.locator("form.decide .result")).to_contain_text("Done. 1 rejected", timeout=60_000)
    assert [error for error in errors if "503" not in error] == []  # a step may be writing
