"""Great Expectations' pages of the latest loads, made from counts."""

from datetime import date, datetime
from pathlib import Path

from include.definitions.expectations import read_suite
from include.people.reporting.data_docs import build_site
from include.warehouse import Warehouse
from tests.people.reporting.test_validation_report import SENTINEL, Page
from tests.support.extracts import row
from tests.support.ledger import deliver, judge
from tests.support.registry import Registry

DAY = date(2026, 1, 5)
RULE = "results.unit.missing"


def loaded(warehouse: Warehouse, name: str, hour: int, failed: int, status: str = "fail") -> None:
    """A load of ten rows that ended at an hour."""
    deliver(warehouse, name, DAY, "loaded", 10, finished_at=datetime(2026, 1, 5, hour))
    judge(warehouse, name, RULE, 10, failed, status, "critical")


def pages(out: Path) -> dict[str, str]:
    """The loads' pages by load id."""
    return {
        file.parent.name: file.read_text(encoding="utf-8") for file in out.glob("validations/results/*/*/index.html")
    }


def test_a_page_tells_counts_rule_and_remedy(warehouse: Warehouse, tmp_path: Path) -> None:
    loaded(warehouse, "one", 1, 3)

    assert build_site(warehouse, tmp_path) == 1
    page = pages(tmp_path)["one"]
    (rule,) = [rule for rule in read_suite("results") if rule.rule_id == RULE]
    for words in ("3 of 10 rows fail", RULE, rule.settings["description"], rule.meta["remedy"].split(":")[0], "Failed"):
        assert words in page
    assert 'href="../../../../expectations/results.html"' in page
    assert (tmp_path / "expectations" / "results.html").is_file()


def test_a_rule_that_could_not_be_evaluated_is_no_success(warehouse: Warehouse, tmp_path: Path) -> None:
    loaded(warehouse, "one", 1, 0, "error")
    build_site(warehouse, tmp_path)

    assert "REG-303" in pages(tmp_path)["one"]


def test_only_the_latest_loads_keep_a_page(warehouse: Warehouse, tmp_path: Path) -> None:
    for hour, name in enumerate(["one", "two", "three"]):
        loaded(warehouse, name, hour, 0, "pass")
    assert build_site(warehouse, tmp_path, 2) == 2
    assert pages(tmp_path).keys() == {"two", "three"}

    loaded(warehouse, "four", 4, 0, "pass")
    build_site(warehouse, tmp_path, 2)
    assert pages(tmp_path).keys() == {"three", "four"}
    assert 'href="validations/results/2026-01-05/four/index.html"' in (tmp_path / "index.html").read_text()


def test_a_page_is_written_again_only_when_it_changes(warehouse: Warehouse, tmp_path: Path) -> None:
    loaded(warehouse, "one", 1, 3)
    build_site(warehouse, tmp_path)
    (file,) = tmp_path.glob("validations/results/*/*/index.html")
    written = file.stat().st_mtime_ns
    build_site(warehouse, tmp_path)
    assert file.stat().st_mtime_ns == written

    warehouse.run("UPDATE ops.validation_result SET rows_failed = 4")
    build_site(warehouse, tmp_path)
    assert "4 of 10 rows fail" in pages(tmp_path)["one"]


def test_no_page_holds_a_value_and_none_fetches_anything(registry: Registry, tmp_path: Path) -> None:
    registry.deliver("patients", "2020-01-01", row("patients"), row("patients", f"{SENTINEL}P", sex=SENTINEL))
    registry.deliver("results", "2020-01-01", row("results", f"{SENTINEL}R", value=SENTINEL, unit=SENTINEL))
    build_site(registry.warehouse, tmp_path / "site")

    texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "site").rglob("*.html")]
    assert len(texts) > 10
    assert not any(SENTINEL in text for text in texts)
    for text in texts:
        page = Page()
        page.feed(text)
        assert [address for address in page.fetched if address.startswith(("http", "//"))] == []
        assert "script" not in page.tags
