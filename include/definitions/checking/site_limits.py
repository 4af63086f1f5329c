"""Checks the reference limits of a site's laboratory."""

from itertools import combinations, groupby
from pathlib import Path

from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.reading import day_of, number_of, read_list
from include.definitions.sites.limits import Limit

HEADER = (
    "test_code",
    "sex",
    "age_from",
    "age_to",
    "unit",
    "low",
    "high",
    "valid_from",
    "valid_to",
    "decided_by",
    "source",
)
SEXES = ("female", "male")
EVER, FOR_GOOD = "1900-01-01", "9999-12-31"
OLDEST = 200


def check_limits(file: Path) -> tuple[list[Limit], list[Problem]]:
    """The limits, none when anything is wrong, and what that is."""
    limits, problems = read_limits(file)
    return ([], problems) if problems else (limits, [])


def read_limits(file: Path) -> tuple[list[Limit], list[Problem]]:
    """The limits of the lines that can be read, and what is wrong; none of a file whose header or cells do not fit."""
    header, rows, problems = read_list(file)
    if rows and set(header) != set(HEADER):
        problems.append(Problem(name_of(file), "line 1", "", f"has to have the columns {', '.join(HEADER)}"))
    if problems:
        return [], problems
    limits: list[Limit] = []
    for line, row in rows.items():
        try:
            limits.append(_limit(line, row))
        except ValueError as error:
            problems.append(Problem(name_of(file), f"line {line}", "", str(error)))
    problems += [Problem(name_of(file), code, "", "has two limits for one patient and day") for code in _twice(limits)]
    return limits, problems


def _limit(line: int, row: dict[str, str | None]) -> Limit:
    """A line; raises ValueError with what is wrong with it."""
    if lacking := [name for name in ("test_code", "unit", "decided_by", "source") if not row[name]]:
        raise ValueError(f"lacks {', '.join(lacking)}")
    if row["sex"] not in (None, *SEXES):
        raise ValueError(f"has a sex that is none of {', '.join(SEXES)}; empty is any")
    low, high = (number_of(text) if (text := row[name]) else None for name in ("low", "high"))
    if low is None and high is None:
        raise ValueError("has neither low nor high")
    if low is not None and high is not None and low >= high:
        raise ValueError("has a low that is not below its high")
    limit = Limit(
        line_number=line,
        test_code=row["test_code"] or "",
        sex=row["sex"] or "",
        age_from=_age(row["age_from"], 0),
        age_to=_age(row["age_to"], OLDEST),
        unit=row["unit"] or "",
        low=low,
        high=high,
        valid_from=day_of(row["valid_from"] or EVER),
        valid_to=day_of(row["valid_to"] or FOR_GOOD),
        decided_by=row["decided_by"] or "",
        source=row["source"] or "",
    )
    if limit.age_from >= limit.age_to or limit.valid_from >= limit.valid_to:
        raise ValueError("ends before it begins")
    return limit


def _age(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise ValueError("has an age that is no number of years")
    return int(text)


def _twice(limits: list[Limit]) -> list[str]:
    by_code = groupby(sorted(limits, key=lambda one: one.test_code), key=lambda one: one.test_code)
    return [code for code, same in by_code if any(one.overlaps(other) for one, other in combinations(same, 2))]
