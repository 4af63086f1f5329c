"""Code lists of a site: `<site>/<name>.csv`, each line a code of the site's and what the registry calls it."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.reading import day_of, read_rows

HEADER = ("local", "standard", "valid_from", "valid_to", "decided_by")
NEEDED = ("local", "standard", "decided_by")


@dataclass(frozen=True)
class Code:
    """A site's code; it holds from a day on (None = ever) until the day before another (None = for good).

    In the file a code without an end ends where the next of its name begins.
    """

    local: str
    standard: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class CodeList:
    """The codes of a list; `table` is a name for it that changes with what it says."""

    codes: tuple[Code, ...]

    @cached_property
    def table(self) -> str:
        """Name of the temporary table that holds it."""
        said = "\n".join(f"{c.local}\t{c.standard}\t{c.valid_from}\t{c.valid_to}" for c in self.codes)
        return f"code_list_{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    @property
    def has_validity(self) -> bool:
        """Whether any code holds for some days only."""
        return any(code.valid_from or code.valid_to for code in self.codes)


def check_codes(file: Path) -> tuple[CodeList | None, list[Problem]]:
    """A list, None when anything in it is wrong, and what that is."""
    header, rows, problems = read_rows(file)
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
