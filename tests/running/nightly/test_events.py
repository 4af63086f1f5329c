"""An event only wakes: whatever comes, in whatever order, the ledger is what the files make of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from include.basics.settings import Settings
from include.pipeline.landing import pull_new
from include.running.nightly.events import sources_told
from include.running.nightly.names import SOURCES
from include.warehouse import open_warehouse
from plugins import webhook
from plugins.arrival import QueueTrigger
from tests.support.examples import TIMES
from tests.support.extracts import row, send
from tests.support.warehouses import Templates

TOKEN = "a token of some length"
FILES = [("patients", "clinic"), ("visits", "clinic"), ("results", "laboratory"), ("reports", "pathology")]
KEY = "study/clinic/visits/2020-01-01/run 7, späte.csv"
NOTICES = {
    "AWS": json.dumps({"Records": [{"s3": {"bucket": {"name": "extracts"}, "object": {"key": quote(KEY)}}}]}),
    "MinIO": json.dumps({"EventName": "s3:ObjectCreated:Put", "Key": quote(KEY, safe="")}),
    "SeaweedFS": json.dumps({"key": f"/buckets/extracts/{KEY}", "event_type": "create"}).replace("/", "\\/"),
}
TEXTS = st.one_of(st.sampled_from([*NOTICES.values(), "", "null", '{"Event": "s3:TestEvent"}']), st.text(max_size=60))


@pytest.mark.parametrize("server", NOTICES)
def test_an_event_of_every_server_tells_its_source(server: str) -> None:
    assert sources_told(NOTICES[server]) == ("clinic",)


@pytest.mark.parametrize("text", ["", "{", '{"Event": "s3:TestEvent"}', "clinical"])
def test_what_tells_of_no_source_wakes_all(text: str) -> None:
    assert sources_told(text) == SOURCES


@given(st.binary(max_size=80))
def test_no_garbage_is_too_strange(body: bytes) -> None:
    woken = sources_told(body.decode(errors="replace"))
    assert woken
    assert set(woken) <= set(SOURCES)


@given(st.lists(TEXTS, max_size=6))
def test_a_queue_wakes_a_source_at_the_start_and_for_what_tells_of_it(texts: list[str]) -> None:
    async def stream() -> AsyncIterator[str]:
        for text in texts:
            yield text

    async def listen() -> list[object]:
        return [event.payload async for event in QueueTrigger("clinic", "url").filter_shared_stream(stream())]

    told = [text for text in texts if "clinic" in sources_told(text)]
    assert asyncio.run(listen()) == [{"source": "clinic"}] * (1 + len(told))


@settings(max_examples=2 * TIMES, deadline=None)
@given(st.data())
def test_events_lost_repeated_and_out_of_order_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, templates: Templates, data: st.DataObject
) -> None:
    """Files come, events about any of them or none come between, and at last the night."""
    folder = tmp_path_factory.mktemp("events")
    registry = Settings.of(str(folder / "extracts"), templates.duckdb(folder / "registry.duckdb"))
    Path(registry.extracts).mkdir()
    with open_warehouse(registry.warehouse) as warehouse:
        for feed, _ in data.draw(st.permutations(FILES)):
            send(Path(registry.extracts), feed, "2020-01-01", [row(feed)])
            for text in data.draw(st.lists(TEXTS, max_size=2)):
                for source in sources_told(text):
                    pull_new(warehouse, registry, source)
        for source in SOURCES:
            pull_new(warehouse, registry, source)
        found = warehouse.run("SELECT feed, delivery, state FROM ops.load ORDER BY feed").tuples().all()
    assert found == sorted((feed, 1, "received") for feed, _ in FILES)


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The sources that the route has woken."""
    found: list[str] = []
    monkeypatch.setattr(webhook, "wake_sources", found.extend)
    monkeypatch.setenv("EVENT_TOKEN", TOKEN)
    monkeypatch.delenv("EVENT_TOKEN_FILE", raising=False)
    return found


def post(body: bytes, authorization: str = f"Bearer {TOKEN}") -> int:
    """The status of the route's answer."""
    headers = {"Authorization": authorization.encode("latin-1")}
    return TestClient(webhook.app).post("/", content=body, headers=headers).status_code


def test_the_route_wakes_the_source_of_the_object(woken: list[str]) -> None:
    assert post(NOTICES["SeaweedFS"].encode()) == 202
    assert woken == ["clinic"]


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer another token", f"Bearer {TOKEN}x", "Bearer é"])
def test_who_does_not_know_the_token_wakes_nobody(woken: list[str], authorization: str) -> None:
    assert post(b"clinic/", authorization) == 401
    assert woken == []


@pytest.mark.parametrize("token", ["", "short"])
def test_without_a_token_there_is_no_route(woken: list[str], monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("EVENT_TOKEN", token)
    assert post(b"clinic/", f"Bearer {token}") == 404
    assert woken == []


def test_the_token_may_be_in_a_file(woken: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("the token of the file\n")
    monkeypatch.setenv("EVENT_TOKEN_FILE", str(tmp_path / "token"))
    assert (post(b""), post(b"pathology/", "Bearer the token of the file")) == (401, 202)
    assert woken == ["pathology"]


def test_a_body_that_is_too_large_wakes_nobody(woken: list[str]) -> None:
    assert post(b"clinic/" * (webhook.MOST_BYTES // 6)) == 413
    assert woken == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\0", b'{"Records": null}', b"[" * 1000])
def test_garbage_is_taken_and_only_wakes(woken: list[str], body: bytes) -> None:
    assert post(body) == 202
    assert woken == list(SOURCES)
