"""The managers' pages in a real Airflow: who may see and do what, what is escaped, a decision from start to undo."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from include.monitor.access import LIST_SEEN, ROW_SEEN
from include.monitor.app import HEADERS, make_app
from tests.monitor.conftest import FORMULA, PASSWORDS, SCRIPT, Pages, chromium
from tests.monitor.routes import OWN, ROUTES, RULE
from tests.support.receivers import content_of

pytestmark = pytest.mark.scheduler
WRITES = {route.asked: route.body for route in ROUTES if route.body}
AXE = Path(__file__).with_name("axe") / "axe.min.js"
WIDTHS = (400, 768, 1280, 1920)
READ = (
    "/",
    "/files",
    "/files/{load}",
    "/rules",
    f"/rules/{RULE}",
    "/quarantine",
    "/quarantine/{load}/1",
    "/decisions",
    "/outcomes",
    "/outcomes/response",
    "/outcomes/toxicity",
    "/outcomes/incidence",
    "/outcomes/cohort",
    "/outcomes/study",
    "/quality",
    "/quality/intake",
    "/quality/columns",
    "/quality/coverage",
    "/quality/steps",
    "/quality/lineage",
    "/quality/lineage/marts.toxicity_change",
)


def answered(client: httpx.Client, path: str, body: object = None) -> httpx.Response:
    """The answer, when no step writes any more."""
    for _ in range(30):
        answer = client.request("POST" if body else "GET", f"/monitor{path}", json=body, headers=OWN)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        time.sleep(1)
    return answer


def statuses(client: httpx.Client, pages: Pages) -> dict[str, int]:
    """What every route answers somebody."""
    return {
        f"{route.template} {route.asked}": answered(client, route.path(pages.load_id), route.body).status_code
        for route in ROUTES
    }


def expected(who: str) -> dict[str, int]:
    """What it should answer."""
    return {f"{route.template} {route.asked}": getattr(route, who) for route in ROUTES}


def test_each_route_is_named_with_who_may_ask_it() -> None:
    routes = [route for route in make_app().routes if isinstance(route, APIRoute)]
    there = {f"{method} {route.path}" for route in routes for method in route.methods}

    assert len(routes) == len(make_app().routes)
    assert there == {route.template for route in ROUTES}


def test_every_route_is_refused_without_login(pages: Pages) -> None:
    with pages.client() as nobody:
        assert set(statuses(nobody, pages).values()) == {401}


def test_a_viewer_is_answered_what_is_for_all_and_no_cell(pages: Pages) -> None:
    with pages.client("vera") as vera:
        found = statuses(vera, pages)
        seen = [answered(vera, path.format(load=pages.load_id)).text for path in READ]

    assert found == expected("viewer")
    assert "Your role shows this page without them" in "".join(seen)
    assert not any("P-secret" in text or "90000" in text for text in seen)


def test_an_operator_is_answered_everything(pages: Pages) -> None:
    with pages.client("otto") as otto:
        assert statuses(otto, pages) == expected("operator")


def test_an_operator_sees_the_row_escaped_and_each_look_is_kept(pages: Pages) -> None:
    with pages.client("otto") as otto:
        row = answered(otto, f"/quarantine/{pages.load_id}/1")

    assert "<script>alert" not in row.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in row.text
    assert "90000" in row.text
    assert {name: row.headers[name] for name in HEADERS} == HEADERS
    rows, lists = (pages.admin._get("/eventLogs", event=event)["event_logs"] for event in (ROW_SEEN, LIST_SEEN))
    assert {(one["owner"], one["extra"]) for one in rows} == {
        ("otto", json.dumps({"load_id": pages.load_id, "row_number": 1}))
    }
    assert {"page": "letter.csv", "rows": 1, "source": "laboratory"} in [json.loads(one["extra"]) for one in lists]
    assert not any(FORMULA in one["extra"] or "P-secret" in one["extra"] for one in lists)


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


@contextmanager
def browsing(pages: Pages) -> Iterator[tuple[Any, list[str]]]:
    """A page of a real browser in which the operator is signed in, and the errors that it meets."""
    from playwright.sync_api import sync_playwright

    errors: list[str] = []
    with sync_playwright() as play, play.chromium.launch(executable_path=chromium(), args=["--no-sandbox"]) as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
        page.goto(f"{pages.url}/auth/login")
        page.fill("input[name=username]", "otto")
        page.fill("input[name=password]", PASSWORDS["otto"])
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url)
        yield page, errors


def test_every_page_fits_every_width_and_axe_finds_nothing_worse_than_minor(pages: Pages) -> None:
    found: dict[str, Any] = {}
    with browsing(pages) as (page, _):
        for path in READ:
            page.goto(f"{pages.url}/monitor{path.format(load=pages.load_id)}")
            page.evaluate(AXE.read_text("utf-8"))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found[f"{path} {width}"] = "wider than the window"
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                said = page.evaluate("axe.run()")["violations"]
                worse = [one["id"] for one in said if one["impact"] != "minor"]
                found |= {f"{path} {scheme}": worse} if worse else {}

    assert found == {}


def test_where_a_mart_comes_from_is_walked_by_keyboard(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, errors):
        page.goto(f"{pages.url}/monitor/quality/lineage")
        page.get_by_role("link", name="marts.albi").press("Enter")
        page.locator(".lineage a", has_text="albi").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("derived.albi")
        expect(page.get_by_role("row").filter(has_text="visits").first).to_contain_text("2 Jan 2020")
    assert errors == []


def test_a_picture_that_shows_no_chart_says_why_to_those_who_hear_the_page(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, errors):
        page.goto(f"{pages.url}/monitor/outcomes/response")
        picture = page.locator(".chart img").first
        expect(picture).to_have_attribute(
            "alt", re.compile("There is nothing to draw: no treated patient's response is known")
        )
        assert picture.evaluate("image => image.naturalWidth") > 0
    assert errors == []


def test_what_is_printed_has_no_menu_and_no_button(pages: Pages) -> None:
    with browsing(pages) as (page, _):
        page.goto(f"{pages.url}/monitor/decisions")
        page.emulate_media(media="print")

        assert page.locator("nav:visible, button:visible").count() == 0
        assert page.locator("h1:visible").count() == 1


def test_another_reason_than_those_of_the_list_is_asked_for_in_words(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, errors):
        page.goto(f"{pages.url}/monitor/quarantine/{pages.load_id}/1")
        page.get_by_label("Reason").select_option("other")
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_label("In your own words")).to_be_focused()
    assert errors == []


def test_a_letter_is_mailed_to_the_department(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, _):
        page.goto(f"{pages.url}/monitor/decisions")
        letter = page.locator("form.letter").filter(has_text="laboratory")
        letter.get_by_role("button", name="Mail it").click()
        page.get_by_role("button", name="Yes, do it").click()
        expect(letter.locator(".result")).to_have_text("Mailed. Rows: 1; addresses: 1.", timeout=60_000)
    (mail,) = pages.mailbox.messages
    assert (mail["To"], mail["Subject"]) == ("lab@example.org", "[registry] Rows of laboratory: 1")
    assert FORMULA.encode() in content_of(mail)
    assert not any(cell in content_of(mail) for cell in (b"P-secret", b"90000", SCRIPT.encode()))


def test_a_withdrawal_is_taken_back_on_the_page(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, _):
        page.goto(f"{pages.url}/monitor/decisions")
        withdrawn = page.get_by_role("row").filter(has_text="rows withdrawn")
        withdrawn.get_by_text("Take the withdrawal back").first.click()
        withdrawn.get_by_label("Reason").select_option("mistake")
        withdrawn.get_by_role("button", name="Take the withdrawal back").click()
        expect(withdrawn.locator(".result")).to_contain_text("Done. 1 rejected", timeout=60_000)
        page.goto(f"{pages.url}/monitor/decisions")
        expect(page.get_by_role("button", name="Take the withdrawal back")).to_have_count(0)


def test_a_manager_overrides_a_row_takes_it_back_and_rejects_all_of_a_filter(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, errors):
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
        expect(page.get_by_role("button", name="Leave it")).to_be_focused(timeout=60_000)
        expect(page.get_by_role("dialog")).to_contain_text(
            f"Rows that this is about: 1 laboratory results, open: 1 Some of them: results {pages.load_id} 1: open",
            timeout=60_000,
        )
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Reject")).to_be_focused()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.locator("form.decide .result")).to_contain_text("Done. 1 rejected", timeout=60_000)
        page.goto(f"{pages.url}/monitor/quality/steps")
        expect(page.get_by_role("row").filter(has_text="decide.carry_out")).to_contain_text("too few days to say (0)")
    assert [error for error in errors if "503" not in error] == []  # a step may be writing


def test_a_file_that_lacks_a_column_can_only_be_rejected(pages: Pages) -> None:
    from playwright.sync_api import expect

    with browsing(pages) as (page, _):
        page.goto(f"{pages.url}/monitor/decisions")
        held = page.get_by_role("article").filter(has_text="file.columns.missing")
        expect(held.get_by_role("button")).to_have_text(["Reject the file"], timeout=60_000)  # a step may be writing


def test_a_held_file_is_rejected_on_the_page_which_answers_the_question_and_released_after_all(pages: Pages) -> None:
    from playwright.sync_api import expect

    run = {"logical_date": None, "conf": {"load_id": pages.held_id}}
    asking = pages.admin._ask("POST", "/dags/decide_held_file/dagRuns", json=run)["dag_run_id"]
    question = f"/dags/decide_held_file/dagRuns/{asking}/hitlDetails"
    for _ in range(120):
        if pages.admin._get(question)["hitl_details"]:
            break
        time.sleep(0.5)
    with browsing(pages) as (page, _):
        page.goto(f"{pages.url}/monitor/decisions")
        held = page.get_by_role("article").filter(has_text=pages.held_id)
        held.get_by_label("Reason").select_option("file_wrong")
        held.get_by_role("button", name="Reject the file").click()
        expect(held.locator(".result")).to_contain_text("Done.", timeout=120_000)
        (answered_one,) = pages.admin._get(question)["hitl_details"]
        assert answered_one["responded_by_user"]["id"] == "otto"
        assert answered_one["chosen_options"] == ["reject"]
        page.goto(f"{pages.url}/monitor/decisions")
        rejected = page.get_by_role("article").filter(has_text=pages.held_id)
        rejected.get_by_text("Release it after all").click()
        rejected.get_by_label("Reason").select_option("file_right")
        rejected.get_by_role("button", name="Release the file").click()
        expect(rejected.locator(".result")).to_contain_text("Done. 1 loaded", timeout=120_000)
