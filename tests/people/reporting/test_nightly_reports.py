"""The folder of reports keeps the last nights."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from include.basics.settings import Settings
from include.people.reporting.nightly import write_data_docs, write_nights
from include.pipeline.marts import refresh_stale
from tests.support.ledger import deliver, judge
from tests.support.registry import opened
from tests.support.warehouses import Templates


def test_reports_before_the_last_thirty_nights_go_and_other_files_stay(tmp_path: Path, templates: Templates) -> None:
    url = templates.duckdb(tmp_path / "registry.duckdb")
    with opened(url, tmp_path) as registry:
        deliver(registry.warehouse, "one", date(2026, 3, 1), "loaded", 1, 1, 0, 0, 0, 0)
        refresh_stale(registry.warehouse)
    folder = tmp_path / "reports"
    folder.mkdir()
    for night in range(1, 41):
        (folder / f"validation-{date(2026, 3, 1) - timedelta(days=night)}.html").touch()
    (folder / "validation-notes.html").touch()
    settings = Settings.of(str(tmp_path / "extracts"), url)

    assert write_nights(settings, folder) == 1
    kept = sorted(file.name for file in folder.glob("validation-2026*.html"))
    assert len(kept) == 30
    assert kept[-1] == "validation-2026-03-01.html"
    assert (folder / "validation-notes.html").exists()
    assert write_data_docs(settings, folder) == 0
    assert (folder / "data_docs" / "index.html").exists()


def test_a_night_is_reported_when_its_report_is_missing_or_older_than_its_files(
    tmp_path: Path, templates: Templates
) -> None:
    url = templates.duckdb(tmp_path / "registry.duckdb")
    settings, folder = Settings.of(str(tmp_path / "extracts"), url), tmp_path / "reports"
    assert write_nights(settings, folder) == 0

    with opened(url, tmp_path) as registry:
        for day in (1, 2, 3):
            deliver(registry.warehouse, f"L{day}", date(2026, 3, day), "loaded", 1, 1, 0, 0, 0, 0)
        refresh_stale(registry.warehouse)
    assert write_nights(settings, folder) == 3
    assert write_nights(settings, folder) == 1

    came_late = datetime(2026, 3, 1, 22, tzinfo=UTC).timestamp()
    os.utime(folder / "validation-2026-03-01.html", (came_late, came_late))
    assert write_nights(settings, folder) == 2


def test_a_night_is_reported_once_the_marts_know_it(tmp_path: Path, templates: Templates) -> None:
    url = templates.duckdb(tmp_path / "registry.duckdb")
    settings, folder = Settings.of(str(tmp_path / "extracts"), url), tmp_path / "reports"
    with opened(url, tmp_path) as registry:
        refresh_stale(registry.warehouse)
        deliver(registry.warehouse, "one", date(2026, 3, 1), "loaded", 10, 9, 0, 0, 1, 0)
        judge(registry.warehouse, "one", "results.value.impossible", 10, 1, "fail", "critical")
        registry.warehouse.count_step("load")
    assert write_nights(settings, folder) == 0
    assert not folder.exists()

    with opened(url, tmp_path) as registry:
        refresh_stale(registry.warehouse)
    assert write_nights(settings, folder) == 1
    assert "results.value.impossible" in (folder / "validation-2026-03-01.html").read_text(encoding="utf-8")
