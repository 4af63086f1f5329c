"""Checks a code list of a site, and closes each code where the next of its name begins."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.reading import day_of, read_list
from include.definitions.sites.codes import Code, CodeList

HEADER = ("local", "standard", "valid_from", "valid_to", "decided_by")
NEEDED = ("local", "standard", "decided_by")


def check_codes(file: Path) -> tuple[CodeList | None, list[Problem]]:
    """A list, None when anything in it is wrong, and what that is."""
    header, rows, problems = read_list(file)
    lacking = [name for name in NEEDED if name not in header]
    unknown = [name for name in header if name not in HEADER]
    if rows and (lacking or unknown):
        said = f"has the columns {', '.join(header)}; it needs {', '.join(NEEDED)} and may have valid_from, valid_to"
        problems.append(Problem(name_of(file), "line 1", "", said))
    if problems:
        return None, problems
    codes: list[Code] = []
    for line, row in rows.items():
        problems += [Problem(name_of(file), f"line {line}", key, said) for key, said in _wrong(row)]
        codes.append(Code(row["local"] or "", row["standard"] or "", row.get("valid_from"), row.get("valid_to")))
    closed, twice = _closed(codes)
    problems += [Problem(name_of(file), local, "", "means two things on one day, or none on any") for local in twice]
    return (None, problems) if problems else (CodeList(tuple(closed)), [])


def _wrong(row: dict[str, str | None]) -> list[tuple[str, str]]:
    found = [(key, "is missing") for key in NEEDED if not row[key]]
    for key in ("valid_from", "valid_to"):
        try:
            day_of(row.get(key) or "2000-01-01")
        except ValueError as error:
            found.append((key, str(error)))
    return found


def _closed(codes: list[Code]) -> tuple[list[Code], list[str]]:
    """The codes, each without an end closed by the next of its name, and those that mean two things on one day."""
    by_local: dict[str, list[Code]] = {}
    for code in codes:
        by_local.setdefault(code.local, []).append(code)
    closed: list[Code] = []
    twice: list[str] = []
    for local, same in by_local.items():
        ordered = sorted(same, key=lambda code: code.valid_from or "")
        ends = [code.valid_to or then.valid_from for code, then in pairwise(ordered)] + [ordered[-1].valid_to]
        closed += [replace(code, valid_to=end) for code, end in zip(ordered, ends, strict=True)]
        if any((end or "9999") > (then.valid_from or "") for end, then in zip(ends, ordered[1:], strict=False)):
            twice.append(local)
        twice += [local for code, end in zip(ordered, ends, strict=True) if (end or "9999") <= (code.valid_from or "")]
    return closed, twice
