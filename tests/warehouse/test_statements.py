"""What statements may do, and what each says that it does, held to their text.

Facts are only appended: nothing updates or deletes what was received or decided. And each statement that receives,
resolves, decides or judges says in its first comment which temporary tables it reads, makes, adds to or changes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from include.people.decisions import Selection, override_records, reject_records, replay_records, undo_decision
from include.warehouse.sql import FOLDER
from tests.support.extracts import row
from tests.support.registry import Registry

CODE = Path(__file__).parents[2] / "include"
CHANGES_A_FACT = re.compile(
    r"\b(?:UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO|OR\s+REPLACE\s+INTO|"
    r'DROP\s+TABLE(?:\s+IF\s+EXISTS)?|ON\s+CONFLICT.*DO\s+UPDATE.*)\s+"?(?:received|decision)"?\s*\.',
    re.IGNORECASE,
)
PARTS = ("receiving", "resolving", "decisions", "validation")
OF_THE_STAGE = {"staged_rows", "rejected_lines", "file_range", "unnumbered_rows"}
"""The temporary tables that no file makes: those of `include/pipeline/staging`."""
NAME = r"(\{\{ (?:table|target) \}\}|\w+)(?![.\w{])"
DOES = {
    "Makes": re.compile(rf"\bCREATE TEMPORARY (?:TABLE|VIEW) {NAME}"),
    "Adds to": re.compile(rf"\bINSERT INTO {NAME}"),
    "Changes": re.compile(rf"\b(?:DELETE FROM|UPDATE) {NAME}"),
    "Reads": re.compile(rf"(?:(?<!DELETE )\bFROM |\bJOIN |unit_factor\('){NAME}"),
}
ROWS_OF = "{{ rule.rows_of(table) }}"
"""A rule's own query of the rows of `table`."""
INCLUDED = re.compile(r'\{% include "([\w/]+)\.sql" %\}')
SAID = re.compile(r"\b(Reads|Makes|Adds to|Changes): ([^.]+)\.")

Told = dict[str, set[str]]


def texts() -> Iterator[tuple[Path, str]]:
    """Everything in `include` that may hold a statement."""
    for file in sorted(CODE.rglob("*")):
        if file.suffix in {".py", ".sql", ".yml", ".j2"}:
            yield file, file.read_text()


def test_no_statement_changes_a_fact() -> None:
    assert [file.name for file, text in texts() if CHANGES_A_FACT.search(text)] == []


def test_no_derived_row_is_looked_up_in_a_list_that_postgresql_goes_through() -> None:
    """It hashes the list of NOT IN only where it expects that it fits in memory: that of all samples does not."""
    derived = (file for file, _ in texts() if file.is_relative_to(CODE / "sql" / "derived"))
    assert [file.name for file in derived if re.search(r"NOT IN\s*\(\s*SELECT", file.read_text())] == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM received.results WHERE load_id = :load_id",
        "update  Received.file SET uri = NULL",
        'DELETE\nFROM "decision"."event"',
        "TRUNCATE decision.subject",
        "warehouse.run(f'UPDATE received.{feed} SET status = :status')",
        "MERGE INTO received.file AS f USING n ON TRUE WHEN MATCHED THEN UPDATE SET uri = NULL",
        "DROP TABLE IF EXISTS received.line",
    ],
)
def test_one_that_did_would_be_found(statement: str) -> None:
    assert CHANGES_A_FACT.search(statement)


def test_no_statement_that_runs_changes_a_fact(duckdb_registry: Registry) -> None:
    """Names that only come when a statement is made are seen here: loading, deciding, judging again, all steps."""
    ran: list[str] = []
    sa.event.listen(duckdb_registry.warehouse.engine, "before_cursor_execute", lambda *told: ran.append(said(told)))
    duckdb_registry.deliver("results", "2020-01-01", row("results"), row("results", "L2", value="haemolysed"))
    duckdb_registry.deliver("results", "2020-01-02", row("results", "L3", value="90000"), row("results", value="31"))
    duckdb_registry.deliver("patients", "2020-01-02", row("patients"))
    warehouse = duckdb_registry.warehouse
    reject_records(warehouse, Selection(record_key="L2"), "mg", "as the laboratory says")
    undo_decision(warehouse, 1, "mg", "as the laboratory says")
    override_records(warehouse, Selection(record_key="L3"), "mg", "as the laboratory says")
    replay_records(warehouse, Selection(feed="results"))
    duckdb_registry.finish()
    assert any("INSERT INTO received.results" in statement for statement in ran)
    assert any("INSERT INTO decision.event" in statement for statement in ran)
    assert [statement for statement in ran if CHANGES_A_FACT.search(statement)] == []


def said(told: tuple[Any, ...]) -> str:
    """The statement that SQLAlchemy tells a listener of."""
    return str(told[2])


def statements() -> list[str]:
    """The names of the files whose headers are held to their text."""
    return sorted(f"{part}/{file.stem}" for part in PARTS for file in (FOLDER / part).glob("*.sql"))


def temporary() -> set[str]:
    """The names of all temporary tables, with those that a template fills in."""
    made = {name for file in FOLDER.rglob("*.sql") for name in DOES["Makes"].findall(file.read_text())}
    return made | OF_THE_STAGE | {"{{ table }}", "{{ target }}"}


def body(text: str) -> str:
    """A statement without comments, with what it includes, as far as names are known."""
    for chosen in re.findall(r'\{% set table = "(\w+)" %\}', text):
        text = INCLUDED.sub(lambda found, chosen=chosen: body_of(found[1]).replace("{{ table }}", chosen), text)
    bare = re.sub(r"--.*", "", INCLUDED.sub(lambda found: body_of(found[1]), text))
    return " ".join(bare.replace(ROWS_OF, "SELECT row_number FROM {{ table }}").split())


def body_of(name: str) -> str:
    """The same of a file."""
    return body((FOLDER / f"{name}.sql").read_text())


def does(text: str) -> Told:
    """The temporary tables that a statement reads, makes, adds to and changes; a CTE of the same name is none."""
    bare = body(text)
    names = temporary() - set(re.findall(r"\b(\w+) AS (?:MATERIALIZED )?\(", bare))
    found = {what: set(pattern.findall(bare)) & names for what, pattern in DOES.items()}
    found["Reads"] -= found["Makes"]
    return {what: tables for what, tables in found.items() if tables}


def tells(text: str) -> Told:
    """The same as the first comment has it."""
    lines = [line for line in text.splitlines() if not re.fullmatch(r"\{% from .* %\}", line)]
    count = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    header = re.sub(r"\{%.*?%\}", "", " ".join(line.removeprefix("-- ") for line in lines[:count]))
    return {what: set(tables.split(", ")) for what, tables in SAID.findall(header)}


@pytest.mark.parametrize("name", statements())
def test_a_statement_says_which_temporary_tables_it_works_on(name: str) -> None:
    text = (FOLDER / f"{name}.sql").read_text()
    assert tells(text) == does(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT 1 FROM staged AS s INNER JOIN received.results AS r ON TRUE", {"Reads": {"staged"}}),
        ("INSERT INTO failed\nSELECT 1 FROM {{ table }}", {"Adds to": {"failed"}, "Reads": {"{{ table }}"}}),
        (
            "DELETE FROM staged WHERE row_number IN (SELECT 1 FROM failing)",
            {"Changes": {"staged"}, "Reads": {"failing"}},
        ),
        ("CREATE TEMPORARY TABLE fate AS WITH failed AS (SELECT 1) SELECT 1 FROM failed", {"Makes": {"fate"}}),
        (
            'SELECT 1\n{% set table = "owner" %}\n{% include "receiving/failed_by_file.sql" %}',
            {"Reads": {"owner", "failing"}},
        ),
        ("SELECT 1 FROM resolved.{{ table }}, clinical.staged", {}),
    ],
)
def test_what_a_statement_works_on_is_found(text: str, found: Told) -> None:
    assert does(text) == found
    assert tells(f"-- Some words. {text}") == {}
