"""The pages about what columns say: each watched column, its months, what is unusual, and what is not told."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.api_fastapi.core_api.security import get_user
from fastapi.testclient import TestClient

from include.monitor.access import may_decide
from include.monitor.app import make_app
from include.pipeline.marts.snapshot import snapshot_of, write_snapshot
from include.warehouse import open_warehouse
from include.warehouse.frames import append
from tests.support.marts import refresh_only
from tests.support.warehouses import Templates

SITE = "<b>north</b>"
SERIES = (
    {"column_name": "flushing", "measure": "filled", "state": "low", "value": 40.0, "usual_value": 100.0, "unit": "%"},
    {"column_name": "flushing", "measure": "code", "code": "none", "state": "withheld", "unit": "%"},
    {
        "column_name": "value",
        "feed": "results",
        "analyte": "CREA",
        "measure": "median",
        "state": "usual",
        "unit": "umol/L",
    },
    *({"column_name": "value", "feed": "results", "analyte": f"X{n:02}", "measure": "filled"} for n in range(50)),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[TestClient]:
    """The pages over a snapshot with two watched columns, for a stand-in who is signed in."""
    folder = tmp_path_factory.mktemp("columns")
    url = templates.duckdb(folder / "registry.duckdb")
    with open_warehouse(url) as warehouse:
        refresh_only(warehouse, "setting")
        same: dict[str, Any] = {
            "site": SITE,
            "source": "clinic",
            "feed": "visits",
            "analyte": "",
            "code": "",
            "state": "usual",
            "small_cell": 5,
        }
        told = {"patients": 20, "denominator": 50, "value": 88.0, "usual_value": 92.0, "earlier_months": 24}
        told |= {"usual_low": 92.5, "usual_high": 100.0}
        for series in SERIES:
            withheld = (
                {"patients": None, "value": None, "usual_value": None} if series.get("state") == "withheld" else {}
            )
            rows = [same | told | series | withheld | {"month": date(2020, month, 1).isoformat()} for month in (9, 10)]
            append(warehouse, "marts.column_usual", rows)
        warehouse.connection.commit()
        write_snapshot(warehouse, snapshot_of(str(folder / "registry.duckdb")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAREHOUSE", url)
        app = make_app()
        app.dependency_overrides[get_user] = lambda: SimpleNamespace(get_name=lambda: "s", get_id=lambda: "1")
        app.dependency_overrides[may_decide] = lambda: False
        yield TestClient(app, raise_server_exceptions=False)


def test_the_unusual_column_stands_first_with_a_link_to_its_months(client: TestClient) -> None:
    page = client.get("/quality/columns").text

    assert page.index("<code>flushing</code>") < page.index("<code>value</code> CREA")
    assert "unusual in 2020-10" in page
    (link,) = {part.partition('"')[0] for part in page.split('href="') if "/columns/visits/flushing" in part}
    assert "lower than usual" in client.get(link.replace("&amp;", "&")).text


def test_a_column_shows_its_months_beside_what_is_usual_and_says_what_it_does_not_tell(client: TestClient) -> None:
    page = client.get("/quality/columns/visits/flushing", params={"site": SITE}).text

    assert page.index('"row">2020-10') < page.index('"row">2020-09')
    assert 'class="band"' in page
    assert "40.0 %" in page
    assert "100.0 % (92.5–100.0 %)" in page
    assert "≤ 5" in page
    assert "too few patients to be told" in page


@pytest.mark.parametrize(("language", "said"), [("de", "niedriger als üblich"), ("fr", "plus bas que d&#39;habitude")])
def test_a_column_is_told_in_the_readers_language(client: TestClient, language: str, said: str) -> None:
    cookies = {"Cookie": f"registry_language={language}"}

    assert said in client.get("/quality/columns/visits/flushing", params={"site": SITE}, headers=cookies).text


def test_columns_have_pages_and_are_narrowed_by_feed_and_site(client: TestClient) -> None:
    last = "<code>value</code> X49"

    assert last not in client.get("/quality/columns").text
    assert last in client.get("/quality/columns?number=2").text
    assert "<code>flushing</code>" not in client.get("/quality/columns?feed=results").text
    assert "Nothing is counted" in client.get("/quality/columns?site=south").text


def test_what_data_say_is_escaped(client: TestClient) -> None:
    pages = (client.get("/quality/columns"), client.get("/quality/columns/visits/flushing", params={"site": SITE}))

    assert all(SITE not in page.text and "&lt;b&gt;north" in page.text for page in pages)


@pytest.mark.parametrize("path", ["visits/ecog", "visits/flushing", "results/value?analyte=CREA"])
def test_a_column_that_is_not_watched_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(f"/quality/columns/{path}").status_code == 404
