"""What the night's report begins with: what needs a decision, and what somebody should look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from include.definitions.described import read_yaml
from include.people.reporting.validation.gather import Night, placed

COUNTS = ("loaded", "updated", "unchanged", "quarantined", "waiting")
NAMED = 3
"""So many names stand in a line."""


@dataclass(frozen=True)
class Attention:
    """One line of the headline: `urgency` is decide or look, `section` the part of the page that has the details.

    `line` names its words in headline.yml, `names` and `counts` are filled in.
    """

    urgency: str
    count: int
    line: str
    section: str
    names: Sequence[str] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """The line in English."""
        return self.said("en")

    def said(
        self, language: str, named: Callable[[str], str] = str, number: Callable[[int], str] = "{:,}".format
    ) -> str:
        """The line in a language, with names and numbers as that has them."""
        listed = ", ".join(map(named, self.names[:NAMED]))
        if more := len(self.names[NAMED:]):
            listed = _words("more", language)[0 if more == 1 else -1].format(names=listed, more=number(more))
        words = _words(self.line, language)
        counts = {name: number(count) for name, count in self.counts.items()}
        return words[0 if self.count == 1 else -1].format(names=listed, **counts)

    def plain(self) -> dict[str, Any]:
        """The line for programs."""
        return {"urgency": self.urgency, "count": self.count, "what": self.what, "section": self.section}


@cache
def _lines() -> dict[str, dict[str, list[str]]]:
    described: dict[str, dict[str, list[str]]] = read_yaml(Path(__file__).with_name("headline.yml"))
    return described


def _words(line: str, language: str) -> list[str]:
    return _lines()[line][language]


def attention(night: Night) -> list[Attention]:
    """The headline, decisions first; empty on a night in order."""
    return [line for line in (*_decisions(night), *_observations(night)) if line.count]


def _decisions(night: Night) -> Iterator[Attention]:
    held = night.rows("held")
    rows = sum(row["rows_received"] or 0 for row in held)
    yield Attention("decide", len(held), "held", "held", counts={"rows": rows})
    backlog = [row for row in night.rows("backlog") if row["state"] == "open"]
    records = sum(row["records"] for row in backlog)
    oldest = max((row["oldest_days"] for row in backlog), default=0)
    yield Attention("decide", records, "open", "backlog", counts={"days": oldest})
    cells = sum(row["records"] for row in night.rows("backlog") if row["state"] == "cells")
    yield Attention("decide", cells, "cells", "backlog")


def _observations(night: Night) -> Iterator[Attention]:
    rules, feeds = night.rows("rules"), night.rows("feeds")
    missing, left = (_files(night, is_missing) for is_missing in (True, False))
    yield Attention("look", missing, "not_copied", "not-pulled")
    yield Attention("look", left, "left_alone", "not-pulled")
    yield _named("not_evaluated", _by(rules, "rule_id", status="error"), "rules")
    yield _named("across_not_evaluated", _by(night.rows("across"), "rule_id", status="error"), "across")
    over = [row["rule_id"] for row in rules if row["in_order"] is False and row["status"] != "error"]
    yield _named("over", over, "rules")
    yield _named("late", _by(night.rows("freshness"), "source", is_late=True), "freshness")
    yield _named("volume", _by(feeds, "feed", in_band=False), "feeds")
    late = [row["feed"] for row in night.rows("backlog") if row["state"] == "waiting" and row["overdue"]]
    yield _named("waiting", late, "backlog")
    yield _named("to_load", [row["feed"] for row in feeds if row["files_to_load"]], "feeds")
    lost = [row["feed"] for row in feeds if row["received"] != sum(row[count] for count in COUNTS)]
    yield _named("not_adding_up", lost, "feeds")
    yield from _not_understood(night)
    yield _named("columns", [f"{placed(row, 'feed')} {row['column_name']}" for row in night.rows("columns")], "columns")
    missed = [row for row in latest_indicators(night) if row["meets_target"] is False]
    yield _named("off_target", [_with_month(row) for row in missed], "indicators")


def _not_understood(night: Night) -> Iterator[Attention]:
    """What came and the registry could not make sense of, or what a full export lacks."""
    intake = night.rows("intake")
    unknown = [placed(row, "feed") for row in intake if row["unmapped_codes"] or row["unmapped_units"]]
    yield _named("not_understood", unknown, "intake")
    yield _named("moved_key", [placed(row, "feed") for row in intake if row["moved_keys"]], "intake")
    yield _named("coverage", [placed(row, "feed") for row in intake if row["columns_low"]], "intake")
    lacking = [f"{placed(row, 'feed')} {row['missing_keys']:,}" for row in night.rows("missing_in_full")]
    yield _named("missing_in_full", lacking, "intake")


def _files(night: Night, is_missing: bool) -> int:
    return sum(row["files"] for row in night.rows("not_pulled") if row["is_missing"] is is_missing)


def latest_indicators(night: Night) -> list[dict[str, Any]]:
    """The indicators of all departments together, each in its latest month, in alphabetical order."""
    latest = {row["indicator"]: row for row in night.rows("indicators") if row["source"] == "all"}
    return list(latest.values())


def _with_month(row: dict[str, Any]) -> str:
    return f"{row['indicator'].replace('_', ' ')} {row['month']:%Y-%m}"


def _named(line: str, names: list[str], section: str) -> Attention:
    listed = sorted(set(names))
    return Attention("look", len(listed), line, section, listed)


def _by(rows: list[dict[str, Any]], name: str, **values: Any) -> list[str]:
    return [placed(row, name) for row in rows if all(row[key] == value for key, value in values.items())]
