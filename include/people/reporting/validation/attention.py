"""What the night's report begins with: what needs a decision, and what somebody should look at."""

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from typing import Any

from include.people.reporting.validation.gather import Night, placed

COUNTS = ("loaded", "updated", "unchanged", "quarantined", "waiting")


@dataclass(frozen=True)
class Attention:
    """One line of the headline: `urgency` is decide or look, `section` the part of the page that has the details."""

    urgency: str
    count: int
    what: str
    section: str


def attention(night: Night) -> list[Attention]:
    """The headline, decisions first; empty on a night in order."""
    return [line for line in (*_decisions(night), *_observations(night)) if line.count]


def _decisions(night: Night) -> Iterator[Attention]:
    held = night.rows("held")
    rows = sum(row["rows_received"] or 0 for row in held)
    yield Attention("decide", len(held), f"{_of(held, 'file')} held whole; rows in them: {rows:,}", "held")
    backlog = [row for row in night.rows("backlog") if row["state"] == "open"]
    records = sum(row["records"] for row in backlog)
    oldest = max((row["oldest_days"] for row in backlog), default=0)
    open_rows = "row is open" if records == 1 else "rows are open"
    yield Attention("decide", records, f"{open_rows} in quarantine; age of the oldest: {oldest:,} d", "backlog")
    cells = sum(row["records"] for row in night.rows("backlog") if row["state"] == "cells")
    yield Attention(
        "decide", cells, f"{'cell is' if cells == 1 else 'cells are'} set aside, null in the record", "backlog"
    )


def _observations(night: Night) -> Iterator[Attention]:
    rules, feeds = night.rows("rules"), night.rows("feeds")
    missing, left = (_files(night, is_missing) for is_missing in (True, False))
    yield Attention(
        "look", missing, "not copied from the extracts, files or folders: their data are missing", "not-pulled"
    )
    yield Attention("look", left, "left alone in the extracts: no extracts by their paths, or links", "not-pulled")
    yield _named("rule", "not evaluated", _by(rules, "rule_id", status="error"), "rules")
    yield _named("rule", "across feeds not evaluated", _by(night.rows("across"), "rule_id", status="error"), "across")
    over = [row["rule_id"] for row in rules if row["in_order"] is False and row["status"] != "error"]
    yield _named("rule", "over the threshold", over, "rules")
    yield _named("department", "late", _by(night.rows("freshness"), "source", is_late=True), "freshness")
    yield _named("feed", "outside the usual volume", _by(feeds, "feed", in_band=False), "feeds")
    late = [row["feed"] for row in night.rows("backlog") if row["state"] == "waiting" and row["overdue"]]
    yield _named("feed", "with rows that wait too long for their patient", late, "backlog")
    yield _named("feed", "with files still to load", [row["feed"] for row in feeds if row["files_to_load"]], "feeds")
    lost = [row["feed"] for row in feeds if row["received"] != sum(row[count] for count in COUNTS)]
    yield _named("feed", "whose rows do not add up", lost, "feeds")
    missed = [row for row in latest_indicators(night) if row["meets_target"] is False]
    yield _named("indicator", "off target", [_with_month(row) for row in missed], "indicators")


def _files(night: Night, is_missing: bool) -> int:
    return sum(row["files"] for row in night.rows("not_pulled") if row["is_missing"] is is_missing)


def latest_indicators(night: Night) -> list[dict[str, Any]]:
    """The indicators of all departments together, each in its latest month, in alphabetical order."""
    latest = {row["indicator"]: row for row in night.rows("indicators") if row["source"] == "all"}
    return list(latest.values())


def _with_month(row: dict[str, Any]) -> str:
    return f"{row['indicator'].replace('_', ' ')} in {row['month']:%b %Y}"


def _named(thing: str, trouble: str, names: list[str], section: str) -> Attention:
    listed = sorted(set(names))
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return Attention("look", len(listed), f"{_of(listed, thing)} {trouble}: {', '.join(listed[:3])}{more}", section)


def _by(rows: list[dict[str, Any]], name: str, **values: Any) -> list[str]:
    return [placed(row, name) for row in rows if all(row[key] == value for key, value in values.items())]


def _of(counted: Sized, thing: str) -> str:
    return thing if len(counted) == 1 else f"{thing}s"
