"""A table in, a table out: what becomes of the rows of one key, of several patients, in the order of their versions."""

from collections.abc import Callable
from typing import NamedTuple

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
    """Rows of a result as `day patient status value -> fate version record`; what people decide in the end.

    Patients A and B live, D died in 2013, Z is unknown. A value is `30`, `30*` (of 2014, so after that death), `bad`
    (it cannot be read), `huge` (implausible) or `nokey` (the row has no key). `told` are visits of A: day, status,
    dead or alive. A decision is about the records of a day, or of all.
    """

    table: str
    decided: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


CASES = {
    "first, second, first again": Case("""
        1 A final 30        -> loaded      past        -
        2 A final 31        -> updated     past        -
        3 A final 30        -> updated     current     -"""),
    "identical repeats": Case("""
        1 A final 30        -> loaded      current     -
        1 A final 30        -> unchanged   -           -
        2 A final 30        -> unchanged   -           -"""),
    "repeats of a version that is not the first": Case("""
        1 A final 30        -> loaded      past        -
        2 A final 31        -> updated     current     -
        3 A final 31        -> unchanged   -           -"""),
    "preliminary after final": Case("""
        1 A preliminary 29  -> loaded      past        -
        2 A final 30        -> updated     current     -
        3 A preliminary 31  -> updated     past        -"""),
    "preliminary after preliminary": Case("""
        1 A preliminary 29  -> loaded      past        -
        2 A preliminary 30  -> updated     current     -"""),
    "cancelled, then preliminary": Case("""
        1 A final 30        -> loaded      past        -
        2 A cancelled 30    -> updated     current     -
        3 A preliminary 31  -> updated     past        -"""),
    "moved": Case("""
        1 A final 30        -> loaded      current     -
        2 B final 31        -> quarantined quarantined open
        3 B final 31        -> unchanged   -           -"""),
    "moved within a file": Case("""
        1 A final 30        -> loaded      current     -
        1 B final 31        -> quarantined quarantined open"""),
    "a corrected move": Case("""
        1 A final 30        -> loaded      past        -
        2 B corrected 30    -> updated     current     -
        3 B preliminary 31  -> updated     past        -"""),
    "moved, and corrected later": Case("""
        1 A final 30        -> loaded      past        -
        2 B final 31        -> quarantined quarantined corrected
        3 B corrected 31    -> updated     current     -"""),
    "moved, and the owner goes on": Case("""
        1 A final 30        -> loaded      past        -
        2 B final 31        -> quarantined quarantined open
        3 A final 32        -> updated     current     -"""),
    "the owner's row again around one that moved": Case("""
        1 A corrected 30    -> loaded      current     -
        2 B final 31        -> quarantined quarantined open
        3 A corrected 30    -> unchanged   -           -"""),
    "back by the first patient's row again": Case("""
        1 A final 30        -> loaded      past        -
        2 B corrected 31    -> updated     current     -
        3 A final 30        -> quarantined quarantined open"""),
    "back by the first patient's corrected row again": Case("""
        1 A corrected 30    -> loaded      past        -
        2 B corrected 31    -> updated     past        -
        3 A corrected 30    -> updated     current     -"""),
    "a corrected move that death sets aside does not take the key": Case("""
        1 A final 30        -> loaded      past        -
        2 D corrected 30*   -> quarantined quarantined corrected
        3 A final 31        -> updated     current     -"""),
    "a corrected move that fails by itself does not take the key": Case("""
        1 A final 30        -> loaded      past        -
        2 B corrected bad   -> quarantined -           corrected
        3 A final 31        -> updated     current     -"""),
    "a first row that death sets aside does not take the key": Case("""
        1 D final 30*       -> quarantined quarantined corrected
        2 A final 31        -> loaded      current     -"""),
    "an overridden move": Case(
        """
        1 A final 30        -> loaded      past        -
        2 B final 31        -> updated     current     overridden
        3 A final 32        -> quarantined quarantined open""",
        decided=("override 2",),
    ),
    "waiting": Case("""
        1 Z final 30        -> waiting     waiting     waiting
        2 Z final 30        -> unchanged   -           -
        3 Z final 31        -> waiting     waiting     waiting"""),
    "a correction from one who is unknown": Case("""
        1 Z final 30        -> waiting     waiting     waiting
        2 A corrected 30    -> updated     current     -"""),
    "a correction to one who is unknown": Case("""
        1 A final 30        -> loaded      past        -
        2 Z corrected 30    -> waiting     waiting     waiting"""),
    "after death": Case("""
        1 D final 30*       -> quarantined quarantined corrected
        2 D final 30*       -> unchanged   -           -
        3 D cancelled 30*   -> loaded      current     -"""),
    "a death that becomes known": Case(
        """
        1 A final 30        -> loaded      current     -
        2 A final 31*       -> quarantined quarantined open""",
        told=("5 final dead",),
    ),
    "a death that is corrected": Case(
        """
        1 A final 30        -> loaded      past        -
        2 A final 31*       -> updated     current     -""",
        told=("5 final dead", "6 corrected alive"),
    ),
    "a death that is cancelled": Case("1 A final 31* -> loaded current -", told=("5 final dead", "6 cancelled dead")),
    "overridden": Case(
        """
        1 A final huge      -> loaded      current     overridden
        2 A final huge      -> unchanged   -           -""",
        decided=("override",),
    ),
    "overridden, and replaced": Case(
        """
        1 A final bad       -> quarantined -           corrected
        2 A final huge      -> loaded      past        overridden
        3 A final 31        -> updated     past        -
        4 A final huge      -> updated     current     overridden""",
        decided=("override 4",),
    ),
    "overridden and reopened": Case("1 A final huge -> quarantined - open", decided=("override", "reopen")),
    "rejected and repeated": Case(
        """
        1 A final 30        -> loaded      current     -
        2 A final bad       -> quarantined -           rejected
        3 A final bad       -> quarantined -           rejected""",
        decided=("reject 2",),
    ),
    "rejected while it waits": Case(
        """
        1 Z final 30        -> quarantined -           rejected
        2 Z final 31        -> waiting     waiting     waiting""",
        decided=("reject 1",),
    ),
    "bad, then valid": Case("""
        1 A final bad       -> quarantined -           corrected
        2 A final 30        -> loaded      current     -
        3 A final bad       -> quarantined -           open"""),
    "bad twice": Case("""
        1 A final bad       -> quarantined -           open
        2 A final bad       -> quarantined -           open"""),
    "without a key": Case("""
        1 A final nokey     -> quarantined -           open
        1 A final nokey     -> quarantined -           open
        2 A final 30        -> loaded      current     -"""),
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
    return row("results", key, patient_id=f"{letter}-{number}", status=status, value=read, collected_at=at)


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
