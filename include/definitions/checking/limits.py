"""Checks limits that only make sense together: those of grades, of classes and of what is plausible."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from include.definitions.checking.allowed import Row, Rows
from include.definitions.checking.problem import Problem

GRADES = {1, 2, 3, 4}
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
GRADED_BY = {"uln": "uln", "baseline": "uln", "uln_and_baseline": "uln", "lln": "lln", "beyond_uln": "uln"}
ORDERED = {
    "plausible_range": (("possible_low", "low"), ("low", "high"), ("high", "possible_high")),
    "plausible_limit": (("lower_from", "lower_to"), ("upper_from", "upper_to"), ("lower_from", "upper_from")),
}


def check_limits(tables: dict[str, Rows]) -> Iterator[Problem]:
    """Limits that are swapped, grades that are missing or out of order, classes that overlap or leave a gap."""
    for name, pairs in ORDERED.items():
        for line, row in tables[name].items():
            for low, high in pairs:
                if _number(row, low) > _number(row, high):
                    yield Problem(f"reference/{name}.csv", f"line {line}", low, f"is above {high}")
    yield from _bands(tables["plausible_limit"], tables["plausible_range"])
    yield from _windows(tables["setting"])
    yield from _editions(tables["toxicity_criteria"], tables["toxicity_limit"])
    yield from _grades(tables["toxicity_limit"], tables["analyte"])
    yield from _terms(tables["toxicity_limit"])
    yield from _classes(tables["class_limit"])
    yield from _counted(tables["grade_order"], "grade_order", "grade_order")
    yield from _counted(tables["toxicity_criteria"], "toxicity_criteria", "sort_order")


def _counted(rows: Rows, table: str, column: str) -> Iterator[Problem]:
    """Places count from 1 on."""
    orders = [int(row[column] or 0) for row in rows.values()]
    if sorted(orders) != list(range(1, len(orders) + 1)):
        yield Problem(f"reference/{table}.csv", "", column, f"has to count from 1 to {len(orders)}")


def _editions(editions: Rows, limits: Rows) -> Iterator[Problem]:
    """Each edition has limits."""
    limited = {row["criteria"] for row in limits.values()}
    for line, row in editions.items():
        if row["criteria"] not in limited:
            what = f"{row['criteria']} has no limits in toxicity_limit"
            yield Problem("reference/toxicity_criteria.csv", f"line {line}", "criteria", what)


def _bands(limits: Rows, ranges: Rows) -> Iterator[Problem]:
    """A laboratory's limits lie where patients' values lie."""
    usual = {row["analyte"]: _number(row, "high") for row in ranges.values()}
    for line, row in limits.items():
        if _number(row, "upper_to") > usual[row["analyte"]]:
            what = f"is above the highest usual value of {row['analyte']} in plausible_range.csv"
            yield Problem("reference/plausible_limit.csv", f"line {line}", "upper_to", what)


def _windows(rows: Rows) -> Iterator[Problem]:
    """A window begins before it ends, the day that it is about lies in it; a month is a month."""
    file = "reference/setting.csv"
    values = {row["name"] or "": (line, _number(row, "value")) for line, row in rows.items()}
    for name, (line, first) in values.items():
        window = name.removesuffix("_from")
        is_window = window != name and f"{window}_nearest" in values
        if is_window and not first <= values[f"{window}_nearest"][1] <= values[f"{window}_to"][1]:
            yield Problem(file, f"line {line}", "value", f"the window {window} does not hold its nearest day")
    line, days = values["days_per_month"]
    if not SHORTEST_MONTH <= days <= LONGEST_MONTH:
        yield Problem(file, f"line {line}", "value", f"{days:g} is no number of days of a month")


def _grades(rows: Rows, analytes: Rows) -> Iterator[Problem]:
    """Each term of an analyte has a row for each grade, and a higher grade a limit further away."""
    file = "reference/toxicity_limit"
    needs = {row["analyte"]: row["graded_by"] for row in analytes.values()}
    grades: dict[tuple[str | None, ...], dict[str | None, set[int]]] = defaultdict(lambda: defaultdict(set))
    series: dict[tuple[str | None, ...], dict[int, tuple[int | str, tuple[float, float], str]]] = defaultdict(dict)
    for line, row in rows.items():
        grade = int(row["grade"] or 0)
        group = (row["criteria"], row["analyte"], row["term"], row["baseline"])
        grades[group[:3]][group[3]].add(grade)
        if row["threshold"] is not None:
            limit = (_number(row, "threshold"), _number(row, "plus"))
            series[(*group, row["basis"])][grade] = (line, limit, row["comparator"] or "")
        needed = GRADED_BY.get(row["basis"] or "", needs[row["analyte"]])
        if needed != needs[row["analyte"]] != "both":
            yield Problem(
                file,
                f"line {line}",
                "basis",
                f"analyte.csv says that {row['analyte']} is graded by {needs[row['analyte']]}",
            )
    for graded, of in grades.items():
        for baseline in of.keys() - {"any"} or {"any"}:
            if lacking := GRADES - of[baseline] - of["any"]:
                entry, said = ", ".join(map(str, (*graded, baseline))), ", ".join(map(str, sorted(lacking)))
                yield Problem(file, entry, "grade", f"there is no limit of grade {said}")
    for limits in series.values():
        for (_, one), (grade, other) in pairwise(sorted(limits.items())):
            if one[2][0] != other[2][0]:
                yield Problem(
                    file, f"line {other[0]}", "comparator", f"{other[2]} stands beside {one[2]} of the grade below"
                )
            elif (other[1] > one[1]) != (other[2][0] == ">"):
                yield Problem(file, f"line {other[0]}", "threshold", f"grade {grade} is reached before the grade below")


def _terms(rows: Rows) -> Iterator[Problem]:
    """What an analyte's high values are called, and its low ones, is the same in all editions."""
    first: dict[tuple[str | None, str], str | None] = {}
    for line, row in rows.items():
        term = first.setdefault((row["analyte"], (row["comparator"] or "")[:1]), row["term"])
        if row["term"] != term:
            what = f"{row['term']} is called {term} in another row"
            yield Problem("reference/toxicity_limit", f"line {line}", "term", what)


def _classes(rows: Rows) -> Iterator[Problem]:
    """The classes of a characteristic meet: a value belongs to one of them, none falls between two of them."""
    of: dict[str | None, list[tuple[float, int | str, Row]]] = defaultdict(list)
    for line, row in rows.items():
        of[row["characteristic"]].append((_number(row, "lower", float("-inf")), line, row))
    for classes in of.values():
        for (_, _, one), (lower, line, other) in pairwise(sorted(classes, key=lambda found: found[0])):
            upper = _number(one, "upper", float("inf"))
            counts = other["characteristic"] == "procedures"
            meets = upper + 1 == lower if counts else upper == lower
            once = counts or (one["upper_inclusive"] == "true") != (other["lower_inclusive"] == "true")
            if not (meets and once):
                yield Problem(
                    "reference/class_limit.csv",
                    f"line {line}",
                    "lower",
                    "the class does not begin where the one below ends",
                )


def _number(row: Row, name: str, missing: float = 0) -> float:
    return missing if row[name] is None else float(row[name] or 0)
