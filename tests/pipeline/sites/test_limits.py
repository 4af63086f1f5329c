"""Results that come without an upper limit have those of their site's laboratory."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from include.definitions.checking.site_limits import HEADER, check_limits
from include.people.alarms.current import Alarm, current_alarms
from include.people.alarms.wording import alarm_line
from include.running.cli.commands import main
from tests.pipeline.sites.conftest import Profile
from tests.pipeline.sites.sending import NIGHT, send
from tests.support.extracts import row
from tests.support.registry import Registry

SAMPLE = {"collected_at": "2012-01-02T08:15", "reference_low": "", "reference_high": ""}
LINES = (
    "14682-9,female,18,65,mg/dL,0.5,1,2010-01-01,2013-01-01,me,laboratory manual",
    "14682-9,female,18,65,umol/L,50,90,2013-01-01,,me,laboratory manual",
    "14682-9,male,18,,umol/L,,110,,,me,laboratory manual",
    "2746-6,,,,[pH],7.35,7.45,,,me,laboratory manual",
)


@pytest.fixture
def limits(profile: Profile) -> Callable[..., None]:
    """Writes the limits of the site north."""

    def write(*lines: str) -> None:
        file = profile("north", text="site: north\npatients: local\nlimits: limits.csv\n")
        file.with_suffix("").mkdir(exist_ok=True)
        (file.with_suffix("") / "limits.csv").write_text("\n".join([",".join(HEADER), *lines]), encoding="utf-8")

    return write


def creatinine(key: str, **cells: str) -> dict[str, str]:
    return row("results", key, **{"test_code": "14682-9", "value": "80", "unit": "umol/L", **SAMPLE, **cells})


def test_limits_by_sex_age_and_day_in_their_own_unit(registry: Registry, limits: Callable[..., None]) -> None:
    limits(*LINES)
    send(registry, "north", "patients", NIGHT, row("patients"), row("patients", "P2", sex="male"))
    send(
        registry,
        "north",
        "results",
        NIGHT,
        creatinine("R1"),
        creatinine("R2", collected_at="2013-01-01T08:00"),
        creatinine("R3", collected_at="2015-06-14T08:00"),
        creatinine("R4", collected_at="2015-06-15T08:00"),
        creatinine("R5", patient_id="P2", reference_low="60"),
        creatinine("R6", reference_high="100"),
        creatinine("R7", test_code="2746-6", value="7.4", unit="[pH]"),
        creatinine("R8", test_code="2746-6", value="7.4", unit="1"),
    )
    registry.send("patients", NIGHT, row("patients"))
    registry.send("results", NIGHT, creatinine("R1"))
    registry.load()

    found = registry.rows("SELECT result_id, lln, uln, has_site_limit FROM clinical.measurement ORDER BY result_id")
    expected = [
        ("R1", None, None, None),
        ("north:R1", 44.2, 88.4, True),
        ("north:R2", 50, 90, True),
        ("north:R3", 50, 90, True),
        ("north:R4", None, None, None),
        ("north:R5", 60, 110, True),
        ("north:R6", None, 100, False),
        ("north:R7", 7.35, 7.45, True),
        ("north:R8", None, None, None),
    ]
    assert [one[0] for one in found] == [one[0] for one in expected]
    for one, (_, *limits_of) in zip(found, expected, strict=True):
        assert list(one[1:]) == pytest.approx(limits_of)


def test_a_limit_that_the_file_lacks_is_told_though_the_site_supplies_it(
    registry: Registry, limits: Callable[..., None]
) -> None:
    limits("1742-6,female,,,U/L,,40,,,me,manual", "2823-3,,,,mmol/L,3.5,5.1,,,me,manual")
    send(registry, "north", "patients", NIGHT, row("patients", sex="male"))
    salt = {"test_code": "2823-3", "value": "4", "unit": "mmol/L"}
    send(
        registry,
        "north",
        "results",
        NIGHT,
        creatinine("of women", test_code="1742-6", unit="U/L"),
        creatinine("salt", **salt),
    )
    registry.load()

    failures = "SELECT record_key, rule_id FROM received.failure WHERE rule_id LIKE '%reference%missing' ORDER BY 1, 2"
    high, low = "results.reference_high.missing", "results.reference_low.missing"
    assert [tuple(one) for one in registry.rows(failures)] == [
        ("north:of women", high),
        ("north:salt", high),
        ("north:salt", low),
    ]


def test_other_limits_derive_again_who_has_such_results(registry: Registry, limits: Callable[..., None]) -> None:
    def touched() -> list[tuple[str]]:
        found = registry.rows("SELECT patient_id FROM ops.touched_patient")
        registry.warehouse.run("DELETE FROM ops.touched_patient")
        return [tuple(one) for one in found]

    limits(LINES[0])
    send(registry, "north", "patients", NIGHT, row("patients"), row("patients", "P2"))
    send(registry, "north", "results", NIGHT, creatinine("R1"), row("results", "R2", patient_id="P2"))
    registry.load()
    touched()

    registry.pull()
    assert touched() == []
    for lines in (LINES[:2], ()):
        limits(*lines) if lines else limits(LINES[3])
        registry.pull()
        assert touched() == [("north:P1",)]


def test_doubtful_lines_are_told_beside_wrong_ones(limits: Callable[..., None]) -> None:
    limits(LINES[1], "14682-9,male,18,,umol/L,90,50,,,me,manual", "1742-6,,18,,mmol/L,,40,,,me,manual")
    for name in ((), ("north",)):
        result = CliRunner().invoke(main, ["site", "check", *name, "--json"])
        said = json.loads(result.stdout)
        assert [one["entry"] for one in said["problems"]] == ["line 3"]
        assert [one["entry"] for one in said["doubts"]] == ["line 4"]
        assert result.exit_code == 1


def test_blanks_around_cells_mean_nothing(tmp_path: Path) -> None:
    file = tmp_path / "limits.csv"
    file.write_text(f"\ufeff{','.join(HEADER)}\n14682-9 ,female , 18,,umol/L ,50, 90,,,me,manual\n", encoding="utf-8")

    [limit], problems = check_limits(file)

    assert problems == []
    assert (limit.test_code, limit.sex, limit.age_from, limit.unit, limit.high) == (
        "14682-9",
        "female",
        18,
        "umol/L",
        90,
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("14682-9,female,18,,umol/L,50,90,,,,manual", "lacks decided_by"),
        ("14682-9,woman,18,,umol/L,50,90,,,me,manual", "has a sex that is none of female, male"),
        ("14682-9,,18,,umol/L,,,,,me,manual", "has neither low nor high"),
        ("14682-9,,18,,umol/L,90,50,,,me,manual", "has a low that is not below its high"),
        ("14682-9,,18,,umol/L,x,50,,,me,manual", "is not a number"),
        ("14682-9,,18,,umol/L,,5_0,,,me,manual", "is not a number"),
        ("14682-9,,18,,umol/L,,nan,,,me,manual", "is not a number"),
        ("14682-9,,18.5,,umol/L,,50,,,me,manual", "has an age that is no number of years"),
        ("14682-9,,18,18,umol/L,,50,,,me,manual", "ends before it begins"),
        ("14682-9,,,,umol/L,,50,2020-13-01,,me,manual", "month must be in 1..12"),
        ("14682-9,male,17,19,umol/L,,50,,,me,manual\n14682-9,,18,,umol/L,,60,,,me,manual", "has two limits"),
    ],
)
def test_wrong_limits_are_told(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "limits.csv"
    file.write_text(f"{','.join(HEADER)}\n{line}\n", encoding="utf-8")

    found, problems = check_limits(file)

    assert found == []
    assert told in str(problems[0])


def test_a_doubtful_line_is_not_used_and_told_and_all_else_of_the_site_runs(
    registry: Registry, limits: Callable[..., None]
) -> None:
    limits(LINES[1], "14682-9,male,18,,umol/L,,0.9,,,me,manual", "1742-6,,18,,mmol/L,,40,,,me,manual")
    send(registry, "north", "patients", NIGHT, row("patients"), row("patients", "P2", sex="male"))
    samples = {"collected_at": "2014-01-02T08:15"}
    send(registry, "north", "results", NIGHT, creatinine("R1", **samples), creatinine("R2", patient_id="P2", **samples))
    registry.load()

    found = registry.rows("SELECT result_id, uln, has_site_limit FROM clinical.measurement ORDER BY result_id")
    assert [tuple(one) for one in found] == [("north:R1", 90, True), ("north:R2", None, None)]
    told = [alarm_line(one) for one in current_alarms(registry.warehouse) if one.cause == "doubtful_limit"]
    assert [line.partition(":")[0] for line in told] == [
        "north/limits.csv line 3, 14682-9",
        "north/limits.csv line 4, 1742-6",
    ]
    result = CliRunner().invoke(main, ["site", "check", "north"])
    assert (result.exit_code, result.stdout.count("REG-220")) == (0, 2)

    limits(LINES[1], "14682-9,male,18,,mg/dL,,0.9,,,me,manual")
    registry.pull()
    assert [one for one in current_alarms(registry.warehouse) if one.cause == "doubtful_limit"] == []


def test_a_doubtful_line_that_moves_in_its_list_is_the_same_alarm(
    duckdb_registry: Registry, limits: Callable[..., None]
) -> None:
    def told() -> Alarm:
        [alarm] = [one for one in current_alarms(duckdb_registry.warehouse) if one.cause == "doubtful_limit"]
        return alarm

    wrong = "14682-9,male,18,,umol/L,,0.9,,,me,manual"
    limits(wrong)
    duckdb_registry.pull()
    duckdb_registry.warehouse.run("UPDATE ops.site_limit SET noted_on = DATE '2020-01-02'")
    before = told()

    limits(LINES[3], wrong)
    duckdb_registry.pull()

    assert (told().identity, told().state) == (before.identity, before.state)
    assert alarm_line(told()).startswith("north/limits.csv line 3, 14682-9")
