"""A table in, a table out: what becomes of the rows of one key, of several patients, in the order of their versions."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml

from include.people.decisions import Selection, override_records, reject_records, reopen_records
from tests.support.extracts import Row, row
from tests.support.registry import Registry

DAYS = [f"2020-01-0{day}" for day in range(1, 8)]
DEAD = {"visit_date": "2013-05-01", "vital_status": "dead", "death_date": "2013-05-01", "death_cause": "tumour"}
DECIDE: dict[str, Callable[..., object]] = {
    "override": override_records,
    "reject": reject_records,
    "reopen": reopen_records,
}
FATES = """
    SELECT
        COALESCE(x.fate, 'loaded'),
        CASE WHEN x.load_id IS NULL THEN 'current' ELSE COALESCE(x.version_state, '-') END,
        COALESCE(x.state, '-')
    FROM received.results AS r
    INNER JOIN received.file AS f ON r.load_id = f.load_id
    LEFT JOIN resolved.fate AS x ON r.load_id = x.load_id AND r.row_number = x.row_number AND r.reading = x.reading
    WHERE f.file_name = '{file_name}'
    ORDER BY f.batch_date, r.row_number"""


class Case(NamedTuple):
    """A history in `fates.yml`, which says how it is written."""

    table: str
    decided: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


CASES: dict[str, Case] = {
    name: Case(**case)
    for name, case in yaml.safe_load(Path(__file__).with_name("fates.yml").read_text("utf-8")).items()
}


def test_what_becomes_of_rows(registry: Registry) -> None:
    """All cases at once, each with a key, patients and files of its own."""
    for number, case in enumerate(CASES.values(), 1):
        send(registry, number, case)
    registry.load()
    for number, case in enumerate(CASES.values(), 1):
        for decided in case.decided:
            decide(registry, number, *decided.split())
    registry.check_conservation()
    expected = {name: [line[-3:] for line in lines(case)] for name, case in CASES.items()}
    assert {name: fates(registry, number) for number, name in enumerate(CASES, 1)} == expected


def lines(case: Case) -> list[list[str]]:
    """The words of each line of the table."""
    return [line.split() for line in case.table.strip().splitlines()]


def send(registry: Registry, number: int, case: Case) -> None:
    """The extracts of a case: its patients, a death, the rows of each day, visits."""
    name = f"{number}.csv"
    registry.send("patients", DAYS[0], *(row("patients", f"{letter}-{number}") for letter in "ABD"), name=name)
    registry.send("visits", DAYS[0], visit(f"D-{number}", "final", "dead"), name=name)
    for day in sorted({line[0] for line in lines(case)}):
        rows = [cells(number, *line[1:4]) for line in lines(case) if line[0] == day]
        registry.send("results", day_of(day), *rows, name=name)
    for told in case.told:
        day, status, vital = told.split()
        registry.send("visits", day_of(day), visit(f"A-{number}", status, vital), name=name)


def day_of(number: str) -> str:
    """The day of an extract."""
    return DAYS[int(number) - 1]


def cells(number: int, letter: str, status: str, value: str) -> Row:
    """A row of the result of a case."""
    read = {"bad": "haemolysed", "huge": "90000", "nokey": "30"}.get(value, value.rstrip("*"))
    at = "2014-01-02T08:15" if value.endswith("*") else "2012-01-02T08:15"
    key = "" if value == "nokey" else f"L{number}"
    patient_id = "" if letter == "-" else f"{letter}-{number}"
    if value == "nothing":
        return {"result_id": key, "patient_id": patient_id, "status": status}
    return row("results", key, patient_id=patient_id, status=status, value=read, collected_at=at)


def visit(patient_id: str, status: str, vital_status: str) -> Row:
    """A visit that tells of a death in 2013, or of none."""
    told = DEAD if vital_status == "dead" else {"visit_date": "2013-05-01"}
    return row("visits", f"V-{patient_id}", patient_id=patient_id, status=status, **told)


def decide(registry: Registry, number: int, kind: str, day: str | None = None) -> None:
    """A decision about the records of a case, or about those of one day and all that say the same."""
    of_day = f"feed = 'results' AND batch_date = '{day_of(day or '1')}' AND file_name = '{number}.csv'"
    load_id = registry.rows(f"SELECT load_id FROM received.file WHERE {of_day}")[0][0] if day else None
    selection = Selection(record_key=f"L{number}", load_id=load_id)
    DECIDE[kind](registry.warehouse, selection, "mg", "as the department says")


def fates(registry: Registry, number: int) -> list[list[str]]:
    """What became of the rows of a case, in the order of their versions."""
    return [list(found) for found in registry.rows(FATES.format(file_name=f"{number}.csv"))]
