"""A file that cannot be read, or fails a rule of files, is held whole; other files go on."""

import pytest

from include.basics.errors import RegistryError
from include.definitions import contracts
from include.people.reporting import print_nights
from tests.support.extracts import as_csv, row
from tests.support.registry import Registry

DAY_1, DAY_2 = "2020-01-01", "2020-01-02"
SECRET = "Q7-secret"
VISITS = contracts.read("visits").names


def without(column: str) -> bytes:
    """A file of two visits without a column."""
    return as_csv([row("visits", "V1"), row("visits", "V2")], [name for name in VISITS if name != column])


def test_a_missing_required_column_holds_the_file_and_no_other(registry: Registry) -> None:
    registry.put("visits", DAY_1, without("vital_status"))
    registry.send("patients", DAY_1, row("patients"))
    registry.send("exams", DAY_1, row("exams"))
    reports = {report.feed: report for report in registry.load()}
    held = reports["visits"]
    assert (held.state, held.received, held.waiting) == ("held", 2, 2)
    assert held.reason is not None
    assert "REG-302" in held.reason
    assert "file.columns.missing" in held.reason
    assert "vital_status" in held.reason
    assert reports["patients"].state == reports["exams"].state == "loaded"
    assert registry.states("visits", "visit_id") == []


def test_sent_again_under_a_new_name_it_loads(registry: Registry) -> None:
    registry.send("patients", DAY_1, row("patients"))
    registry.put("visits", DAY_1, without("vital_status"))
    registry.load()
    registry.deliver("visits", DAY_1, row("visits", "V1"), row("visits", "V2"), name="complete.csv")
    assert registry.states("visits", "visit_id") == [("V1", "current"), ("V2", "current")]
    assert [report.state for report in registry.load()] == []


def test_a_missing_column_that_is_not_required_holds_nothing(registry: Registry) -> None:
    registry.send("patients", DAY_1, row("patients"))
    registry.put("visits", DAY_1, without("weight_kg"))
    assert [report.state for report in registry.load()] == ["loaded", "loaded"]


def test_an_unknown_column_is_reported_and_kept_out(registry: Registry) -> None:
    registry.put("patients", DAY_1, as_csv([{**row("patients"), "ward": SECRET}], ("ward", *row("patients"))))
    (report,) = registry.load()
    assert (report.state, report.loaded) == ("loaded", 1)
    assert registry.rows("SELECT status FROM ops.validation_result WHERE rule_id = 'file.columns.unknown'") == [
        ("pass_with_failures",)
    ]


def test_a_file_without_rows_is_a_quiet_night(duckdb_registry: Registry) -> None:
    duckdb_registry.put("visits", DAY_1, as_csv([], VISITS))
    (report,) = duckdb_registry.load()
    assert (report.state, report.received, report.reason) == ("loaded", 0, None)
    assert duckdb_registry.rows("SELECT cause FROM ops.alarm") == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "REG-301"),
        (as_csv([], VISITS) + f"V9,{SECRET}\r\n".encode(), "REG-301"),
        (as_csv([], VISITS) + f'V9,"{SECRET},,,\r\n'.encode(), "REG-301"),
        (as_csv([row("visits")], VISITS).replace(b"flushing", b"diarrhoea", 1), "file.columns.repeated"),
    ],
)
def test_the_reason_says_what_is_wrong_and_quotes_no_cell(
    duckdb_registry: Registry, content: bytes, reason: str
) -> None:
    duckdb_registry.put("visits", DAY_1, content)
    duckdb_registry.send("patients", DAY_1, row("patients"))
    states = {report.feed: report for report in duckdb_registry.load()}
    assert (states["visits"].state, states["patients"].state) == ("held", "loaded")
    assert reason in str(states["visits"].reason)
    assert SECRET not in str(states["visits"])


def test_a_nul_character_holds_the_file_and_does_not_stop_the_night(registry: Registry) -> None:
    registry.put("visits", DAY_1, as_csv([row("visits", diarrhoea=f"{SECRET}\0")], VISITS))
    registry.send("exams", DAY_1, row("exams"))
    reports = {report.feed: report for report in registry.load()}
    assert reports["exams"].state == "loaded"
    assert (reports["visits"].state, reports["visits"].reason) == (
        "held",
        "REG-301: A file of visits has NUL characters.",
    )
    assert (reports["visits"].received, reports["visits"].waiting) == (0, 0)
    assert SECRET not in str(reports["visits"])


def test_a_load_that_nobody_pulled_is_an_error(registry: Registry) -> None:
    with pytest.raises(RegistryError) as raised:
        registry.reload("0123456789abcdef")
    assert raised.value.code == "REG-304"


def test_the_nights_report_names_it_with_reason_and_remedy(
    duckdb_registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    duckdb_registry.put("visits", DAY_1, without("vital_status"))
    (held,) = duckdb_registry.load()
    duckdb_registry.warehouse.connection.close()
    duckdb_registry.warehouse.engine.dispose()
    print_nights(duckdb_registry.settings)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Held: ")]
    assert held.load_id in line
    assert "(missing: vital_status). Ask the department" in line
