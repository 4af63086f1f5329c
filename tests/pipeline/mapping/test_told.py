"""What a hospital's files no longer say, or say in words that nobody knows, is told."""

import pytest

from include.people.alarms.current import Alarm, current_alarms
from include.people.alarms.wording import alarm_line
from include.people.reporting.validation.gather import gather
from tests.pipeline.mapping.test_profiles import CODES, HEADER, LAB, Profile, announce, deliver
from tests.support.registry import Registry

NAMED = {**LAB, "columns": {**LAB["columns"], "test_name": {"from": "Nom", "optional": True}}}
WITH_XYZ = {"loinc.csv": CODES["loinc.csv"] + "XYZ,2324-2,,,me\n"}


def lines(first: int, count: int, code: str = "ASAT", name: str = ";enzyme") -> str:
    return "".join(f"{number};7;02/01/2019;08:10;{code};1;Validé{name}\n" for number in range(first, first + count))


def of(registry: Registry, cause: str) -> list[Alarm]:
    return [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == cause]


def test_a_column_that_a_hospital_stops_filling_is_an_alarm(registry: Registry, profile: Profile) -> None:
    folder = profile(NAMED, lists=CODES)
    announce(registry, "7")
    for night in range(1, 5):
        deliver(
            registry, lines(100 * night, 20), name=f"lab/a_2020010{night}.csv", header=HEADER.replace("\n", ";Nom\n")
        )
    registry.finish()
    assert of(registry, "coverage") == []

    deliver(registry, lines(1000, 20, name=""), name="lab/a_20200105.csv")
    registry.finish()

    assert [alarm_line(alarm) for alarm in of(registry, "coverage")] == [
        "chx/results.test_name: filled in 0 % of 20 rows, usually in 100 %"
    ]
    night = gather(registry.warehouse)
    assert night is not None
    assert [row["columns_low"] for row in night.rows("intake")] == ["test_name"]

    said = "{feed: results, column: test_name, valid_from: 2020-01-05, decided_by: me}"
    with (folder / "chx.yml").open("a", encoding="utf-8") as file:
        file.write(f"changed_columns:\n  - {said}\n")
    registry.pull()

    assert of(registry, "coverage") == []


def test_codes_that_nobody_knows_are_an_alarm_until_they_are_listed(registry: Registry, profile: Profile) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, lines(1, 3, code="XYZ", name=""))
    registry.finish()
    assert [alarm_line(alarm) for alarm in of(registry, "not_understood")] == [
        "chx/results: 3 cells with an unknown code, 0 with an unknown unit"
    ]

    first = of(registry, "not_understood"), of(registry, "unmapped_code")
    for day, code, cells in (("02", "XYZ", 2), ("03", "ASAT", 2)):
        deliver(registry, lines(int(day) * 10, 2, code=code, name=""), name=f"lab/a_202001{day}.csv")
        registry.finish()
        [alarm], [of_codes] = of(registry, "not_understood"), of(registry, "unmapped_code")
        assert alarm.facts["unmapped_codes"] == cells
        assert ([alarm.identity], [of_codes.identity]) == tuple([one.identity for one in told] for told in first)
        assert alarm.state == first[0][0].state

    profile(LAB, lists=WITH_XYZ)
    registry.finish()

    assert of(registry, "not_understood") == []


@pytest.mark.parametrize("cause", ["not_understood", "unmapped_code"])
def test_another_code_that_nobody_knows_is_an_alarm_of_its_own(
    registry: Registry, profile: Profile, cause: str
) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, lines(1, 12, code="XYZ", name=""))
    deliver(registry, lines(21, 2, code="XYZ", name="") + lines(31, 1, code="UVW", name=""), name="lab/a_20200102.csv")
    registry.finish()
    old, new = of(registry, cause)
    assert (old.batch_date, new.batch_date) == ("2020-01-01", "2020-01-02")

    profile(LAB, lists=WITH_XYZ)
    registry.finish()

    assert of(registry, cause) == [new]


@pytest.mark.parametrize("cause", ["not_understood", "unmapped_code"])
def test_codes_that_nobody_knows_are_told_again_when_they_have_doubled(
    registry: Registry, profile: Profile, cause: str
) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    states = []
    for day, cells in enumerate((4, 1, 9), 1):
        deliver(registry, lines(20 * day, cells, code="XYZ", name=""), name=f"lab/a_2020010{day}.csv")
        registry.finish()
        states += [alarm.state.partition(", ")[2] for alarm in of(registry, cause)]

    assert states == ["below 8", "below 8", "below 16"]


@pytest.mark.parametrize("cause", ["not_understood", "unmapped_code"])
def test_another_unknown_code_of_the_same_extract_is_told_when_one_is_listed(
    registry: Registry, profile: Profile, cause: str
) -> None:
    profile(LAB, lists=CODES)
    announce(registry, "7")
    deliver(registry, lines(1, 2, code="XYZ", name=""))
    registry.finish()
    [old] = of(registry, cause)

    profile(LAB, lists=WITH_XYZ)
    deliver(registry, lines(11, 2, code="UVW", name=""), name="lab/b_20200101.csv")
    registry.finish()
    [new] = of(registry, cause)

    assert new.identity == old.identity
    assert new.state != old.state
    assert "UVW" not in new.state
