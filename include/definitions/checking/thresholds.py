"""Checks the thresholds: known kinds, places and units, limits in order, dates, and who decided why."""

from collections import Counter
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from include.definitions.checking.contracts import ContractFile
from include.definitions.checking.problem import Folders, Problem, name_of
from include.definitions.checking.reading import day_of, fit, read_rows

Kind = Literal[
    "hold_share",
    "volume_band",
    "coverage",
    "freshness_deadline",
    "load_deadline",
    "decision_deadline",
    "failing_critical",
    "failing_warning",
    "failing_info",
    "records_passing",
    "completeness",
    "duplicates",
    "timeliness",
]
UNITS = dict(zip(get_args(Kind), ("%", "1", "%", "h", "h", "d", "%", "%", "%", "%", "%", "/1000", "%"), strict=True))
NEEDED = {
    "volume_band": ("low", "high"),
    "coverage": ("low",),
    "records_passing": ("low",),
    "completeness": ("low",),
    "timeliness": ("low",),
}
"""The limits of which a kind needs one; every other kind is judged by `high`."""
OPTIONAL = {"failing_info"}
"""Kinds without which nothing is missed."""
Limit = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Threshold(BaseModel):
    """An entry as the CSV file has it."""

    model_config = ConfigDict(extra="forbid")

    threshold_id: str
    kind: Kind
    source: str | None
    feed: str | None
    low: Limit | None
    high: Limit | None
    unit: str
    minimum_rows: Limit | None
    valid_from: Annotated[date, BeforeValidator(day_of)]
    owner: str
    reason: str


def check_thresholds(folders: Folders, contracts: dict[str, ContractFile]) -> tuple[int, list[Problem]]:
    """How many entries there are, and what is wrong with any."""
    file = folders.expectations / "thresholds.csv"
    header, rows, problems = read_rows(file)
    if not header:
        return 0, problems
    if lacking := [name for name in Threshold.model_fields if name not in header]:
        return len(rows), [*problems, *(Problem(name_of(file), "", name, "the column is missing") for name in lacking)]
    good: dict[str, Threshold] = {}
    for line, row in rows.items():
        entry = f"line {line}: {row['threshold_id']}" if row["threshold_id"] else f"line {line}"
        filled = {key: value for key, value in row.items() if value is not None or not _is_required(key)}
        threshold, wrong = fit(Threshold, filled, file, entry)
        problems += wrong
        if threshold:
            good[entry] = threshold
            problems += [Problem(name_of(file), entry, *what) for what in _wrong(threshold, contracts)]
    lacking = [kind for kind in get_args(Kind) if kind not in {row["kind"] for row in rows.values()} | OPTIONAL]
    problems += [
        Problem(name_of(file), "", "kind", f"{kind} has no entry: nothing would be judged by it") for kind in lacking
    ]
    return len(rows), [*problems, *_ambiguous(name_of(file), good)]


def _is_required(key: str) -> bool:
    return key in Threshold.model_fields and type(None) not in get_args(Threshold.model_fields[key].annotation)


def _wrong(threshold: Threshold, contracts: dict[str, ContractFile]) -> list[tuple[str, str]]:
    """Key and problem of what does not fit together."""
    sources = {contract.source for contract in contracts.values()}
    contract = contracts.get(threshold.feed or "")
    found = []
    if threshold.feed and not contract:
        found.append(("feed", f"{threshold.feed} is no feed"))
    if threshold.source and threshold.source not in sources:
        found.append(("source", f"{threshold.source} sends no feed"))
    elif threshold.source and contract and contract.source != threshold.source:
        found.append(("source", f"{threshold.source} does not send {threshold.feed}"))
    if threshold.unit != UNITS[threshold.kind]:
        found.append(("unit", f"{threshold.unit} is not the unit of {threshold.kind}: {UNITS[threshold.kind]}"))
    if threshold.unit == "%":
        found += [(name, "is above 100 %") for name in ("low", "high") if (getattr(threshold, name) or 0) > 100]
    needed = NEEDED.get(threshold.kind, ("high",))
    if all(getattr(threshold, name) is None for name in needed):
        found.append((needed[0], f"{threshold.kind} needs {' or '.join(needed)}"))
    elif threshold.low is not None and threshold.high is not None and threshold.low > threshold.high:
        found.append(("low", "is above high"))
    return found


def _ambiguous(file: str, thresholds: dict[str, Threshold]) -> list[Problem]:
    """An id names one entry, and on each day one entry of a kind holds for a place."""
    ids = Counter(one.threshold_id for one in thresholds.values())
    places = Counter((one.kind, one.source, one.feed, one.valid_from) for one in thresholds.values())
    problems = [
        Problem(file, entry, "threshold_id", "names more than one entry")
        for entry, one in thresholds.items()
        if ids[one.threshold_id] > 1
    ]
    return problems + [
        Problem(file, entry, "valid_from", "another entry of this kind begins on the same day at the same place")
        for entry, one in thresholds.items()
        if places[one.kind, one.source, one.feed, one.valid_from] > 1 and ids[one.threshold_id] == 1
    ]
