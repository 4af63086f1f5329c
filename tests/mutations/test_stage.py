"""Whatever a file holds, it is staged with all its rows or refused with a code; no message quotes it."""

import itertools
import traceback
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.pipeline.staging import HOLDING, FileFacts, stage
from include.warehouse import Warehouse
from tests.mutations.good import SENTINEL, Mutant, good_extract
from tests.mutations.mutants import IN_TEXT, mutants, one_each, rows_at_least
from tests.support.examples import TIMES

ASKED = itertools.count()
"""Makes every statement another: PostgreSQL keeps the plan of one that is repeated, and the columns change."""
LINES = st.lists(st.text(alphabet="aé0-:\"', \t\\\r\n\x1a\u2028", max_size=40), max_size=8)


@pytest.mark.parametrize("feed", contracts.FEEDS)
def test_every_mutant_is_staged_with_all_its_rows_or_refused(
    duckdb_session: Warehouse, tmp_path: Path, feed: str
) -> None:
    outcomes = Counter(outcome(duckdb_session, tmp_path, feed, mutant) for mutant in mutants(feed, TIMES))
    assert outcomes.total() >= 0.7 * TIMES * len(IN_TEXT)
    assert outcomes["staged"] > outcomes["REG-301"] > TIMES


def test_the_other_engine_stages_and_refuses_the_same(
    duckdb_session: Warehouse, postgresql_session: Warehouse, tmp_path: Path
) -> None:
    for feed, mutant in one_each():
        found = [outcome(session, tmp_path, feed, mutant) for session in (duckdb_session, postgresql_session)]
        assert found[0] == found[1], mutant.name
        if found[0] == "staged":
            assert staged(duckdb_session) == staged(postgresql_session), mutant.name


@settings(
    max_examples=50 * TIMES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=300), ending=st.sampled_from([".csv", ".csv.gz", ".parquet"]))
def test_any_bytes_are_a_file(duckdb_session: Warehouse, tmp_path: Path, content: bytes, ending: str) -> None:
    outcome(duckdb_session, tmp_path, "visits", Mutant("any bytes", content, ending))


@settings(
    max_examples=50 * TIMES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=LINES)
def test_any_text_may_stand_behind_a_header(duckdb_session: Warehouse, tmp_path: Path, lines: list[str]) -> None:
    good = good_extract("visits")
    content = "\n".join([good.text(), *lines, good.text().splitlines()[1]])
    outcome(duckdb_session, tmp_path, "visits", Mutant("any text", content.encode()))


def outcome(session: Warehouse, folder: Path, feed: str, mutant: Mutant) -> str:
    """Stage a mutant: `staged`, or the code with which it is refused. Fails when a row is lost or a cell is quoted."""
    file = folder / f"file{mutant.ending}"
    file.write_bytes(mutant.content)
    found = facts_or_refusal(session, feed, file)
    if isinstance(found, FileFacts):
        check_rows(session, mutant, found)
        return "staged"
    assert found.code in HOLDING, mutant.name
    assert SENTINEL not in "".join(traceback.format_exception(found)), mutant.name
    assert mutant.rows is None, mutant.name
    return found.code


def facts_or_refusal(session: Warehouse, feed: str, file: Path) -> FileFacts | RegistryError:
    """What is known of a file, or why it is refused."""
    try:
        return stage(session, feed, file)
    except RegistryError as error:
        return error


def check_rows(session: Warehouse, mutant: Mutant, facts: FileFacts) -> None:
    """Every row has a number of its own, and there are as many as the file has."""
    numbers = "SELECT row_number FROM staged_rows UNION SELECT row_number FROM rejected_lines"
    least, most, count = session.run(f"SELECT MIN(row_number), MAX(row_number), COUNT(*) FROM ({numbers}) AS n").one()
    assert (least or 1, most or 0) == (1, count), mutant.name
    assert facts.row_count == count, mutant.name
    assert session.scalar("SELECT COUNT(*) FROM rejected_lines") == facts.unreadable_rows, mutant.name
    for expected in (mutant.rows, rows_at_least(mutant)):
        assert expected in (None, facts.row_count), (mutant.name, expected, facts.row_count)


def staged(session: Warehouse) -> list[tuple[object, ...]]:
    """What was staged and what was set aside."""
    found: list[tuple[object, ...]] = []
    for table in ("staged_rows", "rejected_lines"):
        rows = session.run(f"SELECT * FROM {table} ORDER BY row_number /* {next(ASKED)} */")
        found += [tuple(row) for row in rows]
    return found
