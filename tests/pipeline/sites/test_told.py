"""What is counted, late, unusual or wrong is told with the name of its site."""

from datetime import timedelta

import pandas as pd
from click.testing import CliRunner

from include.people.alarms.current import current_alarms
from include.people.alarms.wording import alarm_line
from include.people.reporting.validation.attention import attention
from include.people.reporting.validation.gather import gather
from include.pipeline.derivation import derive_touched
from include.running.cli.commands import main
from include.warehouse import utc_now
from tests.pipeline.sites.conftest import Profile
from tests.pipeline.sites.sending import NIGHT, SITES, send
from tests.support import extracts
from tests.support.extracts import row
from tests.support.marts import refresh_only
from tests.support.registry import Registry


def test_volume_and_freshness_count_each_site(registry: Registry, profile: Profile) -> None:
    for site, rows in zip(SITES, (1, 3), strict=True):
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, *(row("results", f"L{n}") for n in range(rows)))
    registry.finish()

    assert registry.rows("SELECT site, rows_received FROM ops.volume WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, rows_loaded FROM marts.feed_freshness WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, rows_received FROM marts.feed_volume WHERE feed = 'results' ORDER BY 1") == [
        ("north", 1),
        ("south", 3),
    ]
    assert registry.rows("SELECT site, source FROM ops.freshness ORDER BY source, site") == [
        ("north", "clinic"),
        ("south", "clinic"),
        ("north", "laboratory"),
        ("south", "laboratory"),
        ("", "pathology"),
        ("", "radiology"),
    ]


def test_a_site_that_is_late_is_told_by_name(registry: Registry, profile: Profile) -> None:
    today = utc_now().date().isoformat()
    for site, day in zip(SITES, (NIGHT, today), strict=True):
        profile(site)
        send(registry, site, "patients", day, row("patients"))
    registry.finish()
    long_ago = utc_now() - timedelta(days=60)
    registry.warehouse.run("UPDATE received.file SET received_at = :then WHERE site = 'north'", then=long_ago)

    (late,) = [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == "late"]
    assert (late.source, late.subject) == ("north/clinic", "clinic")
    assert alarm_line(late).startswith("north/clinic: its next extract was due")
    night = gather(registry.warehouse)
    assert night
    assert "department late: north/clinic" in [line.what for line in attention(night)]


def test_unusual_volume_is_told_by_site(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
    days = pd.date_range("2020-01-01", periods=9, freq="7D").strftime("%Y-%m-%d")
    for number, day in enumerate(days):
        for site in SITES:
            count = 40 if site == "north" and number == len(days) - 1 else 4
            send(registry, site, "results", day, *(row("results", f"L{number}-{n}") for n in range(count)))
    registry.load()

    told = [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == "volume"]
    assert [(alarm.source, alarm.subject, alarm.state) for alarm in told] == [("north/laboratory", "results", "high")]
    assert alarm_line(told[0]).startswith("north/results: 40 rows")
    assert all(
        in_band is not False for (in_band,) in registry.rows("SELECT in_band FROM ops.volume WHERE site = 'south'")
    )


def test_what_a_site_sent_wrong_is_told_with_its_name(registry: Registry, profile: Profile) -> None:
    for site in SITES:
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
    send(registry, "north", "results", NIGHT, row("results", value=""), row("results", "L2"))
    extracts.put(registry.extracts / "north", "visits", NIGHT, b"visit_id\nV1\n")
    registry.finish()

    told = {alarm.cause: alarm for alarm in current_alarms(registry.warehouse) if alarm.source.startswith("north/")}
    assert (told["held"].source, told["set_aside"].source) == ("north/clinic", "north/laboratory")
    assert alarm_line(told["held"]).startswith("north/visits: load ")
    assert alarm_line(told["set_aside"]).startswith("north/results.value.missing: 1 of 2 rows failed.")


def test_the_nights_rows_are_counted_once(registry: Registry, profile: Profile) -> None:
    for site, rows in zip(SITES, (1, 2), strict=True):
        profile(site)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "results", NIGHT, *(row("results", f"L{n}") for n in range(rows)))
    registry.finish()
    night = gather(registry.warehouse)

    assert night
    found = [(one["site"], one["files"], one["received"]) for one in night.rows("feeds") if one["feed"] == "results"]
    assert found == [("north", 1, 1), ("south", 1, 2)]


def test_the_ledger_on_the_command_line_names_the_site(duckdb_registry: Registry, profile: Profile) -> None:
    registry = duckdb_registry
    profile("north")
    send(registry, "north", "patients", NIGHT, row("patients"))
    registry.load()
    registry.warehouse.connection.close()
    registry.warehouse.engine.dispose()

    shown = CliRunner().invoke(main, ["loads", "--warehouse", registry.settings.warehouse])
    assert shown.exit_code == 0, shown.output
    assert "north" in shown.output
    assert "site" in shown.output


def test_indicators_are_told_by_site_and_department(registry: Registry, profile: Profile) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for of in SITES:
        profile(of, "registry")
        send(registry, of, "exams", NIGHT, row("exams"))
    registry.load()
    derive_touched(registry.warehouse)
    refresh_only(registry.warehouse, "registry_indicator")

    asked = "SELECT site, source, numerator, denominator FROM marts.registry_indicator WHERE indicator = '{}' "
    of_site = [(site, source, 1, 1) for site in SITES for source in ("all", "radiology")]
    together = [("all", "all", 3, 3), ("all", "clinic", 1, 1), ("all", "radiology", 2, 2)]
    assert registry.rows(asked.format("records_passing") + "ORDER BY 1, 2") == together + of_site
    duplicates = asked.format("duplicates") + "AND source = 'radiology' ORDER BY 1"
    assert registry.rows(duplicates) == [("all", "radiology", 1, 2), *((site, "radiology", 0, 1) for site in SITES)]

    send(registry, "south", "exams", NIGHT, row("exams", "E2"), name="b.csv")
    registry.load()
    derive_touched(registry.warehouse)
    refresh_only(registry.warehouse, "registry_indicator")
    counted = [("all", "radiology", 2, 3), ("north", "radiology", 0, 1), ("south", "radiology", 1, 2)]
    assert registry.rows(duplicates) == counted
