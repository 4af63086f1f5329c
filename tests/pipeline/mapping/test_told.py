"""What a hospital's files no longer say, or say in words that nobody knows, is told."""

from include.people.alarms.current import Alarm, current_alarms
from include.people.alarms.wording import alarm_line
from include.people.reporting.validation.gather import gather
from tests.pipeline.mapping.test_profiles import CODES, HEADER, LAB, Profile, announce, deliver
from tests.support.registry import Registry

NAMED = {**LAB, "columns": {**LAB["columns"], "test_name": {"from": "Nom", "optional": True}}}


def lines(first: int, count: int, code: str = "ASAT", name: str = ";enzyme") -> str:
    return "".join(f"{number};7;02/01/2019;08:10;{code};1;Validé{name}\n" for number in range(first, first + count))


def of(registry: Registry, cause: str) -> list[Alarm]:
    return [alarm for alarm in current_alarms(registry.warehouse) if alarm.cause == cause]


def test_a_column_that_a_hospital_stops_filling_is_an_alarm(registry: Registry, profile: Profile) -> None:
    profile(NAMED, lists=CODES)
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

    profile(LAB, lists={"loinc.csv": CODES["loinc.csv"] + "XYZ,2324-2,,,me\n"})
    registry.finish()

    assert of(registry, "not_understood") == []
