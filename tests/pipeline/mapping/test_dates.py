"""Dates and times of a profile's columns, as ISO 8601 and on the site's clock."""

from pathlib import Path
from typing import Any

import pytest

from include.definitions.sites import Site
from include.pipeline.mapping import Plans
from tests.pipeline.mapping.plans import mapped, plan_of


@pytest.mark.parametrize(
    ("written", "formats", "read"),
    [
        ("09/05/2023", ["%d/%m/%Y"], "2023-05-09"),
        ("9/5/2023", ["%d/%m/%Y"], "2023-05-09"),
        ("05/2023", ["%d/%m/%Y", "%m/%Y"], "2023-05"),
        ("2023", ["%d/%m/%Y", "%Y"], "2023"),
        ("31/02/2023", ["%d/%m/%Y"], "31/02/2023"),
        ("20230509", ["%Y%m%d"], "2023-05-09"),
        ("04.05.24", ["%d.%m.%Y", "%d.%m.%y"], "2024-05-04"),
        ("04.05.24", ["%d.%m.%Y"], "04.05.24"),
        ("24", ["%Y"], "24"),
        ("2023-05-09", [], "2023-05-09"),
        ("45055,34027778", ["serial"], "2023-05-09"),
        ("45055", ["serial"], "2023-05-09"),
        ("43593", ["serial_1904"], "2023-05-09"),
        ("45055.34027778", ["%d/%m/%Y", "serial"], "2023-05-09"),
        ("2023", ["serial", "%Y"], "2023"),
        ("1e300", ["serial"], "1e300"),
        ("45_055", ["serial"], "45_055"),
        ("ND", ["serial"], "ND"),
        ("45055 soir", ["serial"], "45055 soir"),
        ("45055 7", ["serial"], "45055 7"),
        ("23139", ["serial_1960"], "2023-05-09"),
        ("-3954", ["serial_1960"], "1949-03-05"),
        ("19486", ["serial_1970"], "2023-05-09"),
        ("1999239000", ["seconds_1960"], "2023-05-09"),
        ("1683619800", ["seconds_1970"], "2023-05-09"),
        ("1683619800000", ["milliseconds_1970"], "2023-05-09"),
        ("1683619800000", ["seconds_1970"], "1683619800000"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(written: str, formats: list[str], read: str) -> None:
    plan = plan_of({"dates": {"date": formats}, "columns": {"visit_date": "D"}}, feed="visits")
    assert mapped(plan, "visit_date", {"D": written}) == [read]


def test_a_counted_second_has_its_time() -> None:
    plan = plan_of({"dates": {"timestamp": "seconds_1960"}, "columns": {"collected_at": "D"}})
    assert mapped(plan, "collected_at", {"D": "1999239000"}) == ["2023-05-09T08:10:00"]


def test_seconds_of_unix_are_those_of_utc() -> None:
    """Or midnight in Paris is of the day before."""
    dates = {"date": "seconds_1970", "timestamp": "milliseconds_1970"}
    plan = plan_of({"dates": dates, "columns": {"visit_date": "D"}}, feed="visits", timezone="Europe/Paris")
    assert mapped(plan, "visit_date", {"D": "1683583200"}) == ["2023-05-09"]
    plan = plan_of({"dates": dates, "columns": {"collected_at": "D"}}, timezone="Europe/Paris")
    assert mapped(plan, "collected_at", {"D": "1683612600000"}) == ["2023-05-09T08:10:00.000000+02:00"]


@pytest.mark.parametrize(
    ("first_year", "written", "read"),
    [
        (None, "05.03.49", "2049-03-05"),
        (1930, "05.03.49", "1949-03-05"),
        (1930, "05.03.29", "2029-03-05"),
        (1930, "29.02.00", "2000-02-29"),
        (1990, "05.03.75", "2075-03-05"),
    ],
)
def test_years_of_two_digits_are_of_the_hundred_years_that_the_profile_says(
    first_year: int | None, written: str, read: str
) -> None:
    dates = {"date": "%d.%m.%y"} | ({"first_year": first_year} if first_year else {})
    plan = plan_of({"dates": dates, "columns": {"visit_date": "D"}}, feed="visits")
    assert mapped(plan, "visit_date", {"D": written}) == [read]


@pytest.mark.parametrize(
    ("day", "time", "read"),
    [
        ("45418", None, "2024-05-06"),
        ("45418", "08:10:00", "2024-05-06T08:10:00"),
        ("45418", "0,34027778", "2024-05-06T08:10:00"),
        ("45418", "00:00:00", "2024-05-06T00:00:00"),
        ("2024-05-07", "07:05:00", "2024-05-07 07:05:00"),
    ],
)
def test_a_counted_day_has_its_time_beside_it(day: str, time: str | None, read: str) -> None:
    plan = plan_of({"dates": {"timestamp": "serial"}, "columns": {"collected_at": ["D", "T"]}})
    assert mapped(plan, "collected_at", {"D": day, "T": time}) == [read]


@pytest.mark.parametrize(
    ("day", "time", "key"),
    [
        ("45418", "0,34027778", "7|2024-05-06|08:10:00"),
        ("2024-05-06", "08:10:00", "7|2024-05-06|08:10:00"),
        ("2024-05-06T00:00:00", "08:10:00", "7|2024-05-06|08:10:00"),
        ("06/05/2024", None, "7|2024-05-06|"),
        ("ND", "soir", "7|ND|soir"),
    ],
)
def test_a_key_has_a_day_of_a_spreadsheet_in_one_spelling(day: str, time: str | None, key: str) -> None:
    columns = {"result_id": {"from": ["P", "D", "T"], "join": "|"}, "collected_at": ["D", "T"]}
    plan = plan_of({"dates": {"timestamp": "serial", "date": ["serial", "%d/%m/%Y"]}, "columns": columns})
    assert mapped(plan, "result_id", {"P": "7", "D": day, "T": time}) == [key]


def test_a_day_of_an_exam_is_spelled_alike_in_the_keys_of_exams_and_of_their_lesions() -> None:
    key = {"from": ["P", "D"], "join": "|"}
    feeds = {"exams": {"columns": {"exam_id": key, "exam_date": "D"}}, "lesions": {"columns": {"exam_id": key}}}
    export = {"name": "sheet", "format": "excel", "dates": {"date": "%d.%m.%Y"}, "feeds": feeds}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export]})
    for feed in feeds:
        plan = Plans({"chx": site}, Path()).of("chx", "sheet", feed)
        found = mapped(plan, "exam_id", {"P": "7", "D": "2024-05-06"}, {"P": "8", "D": "06.05.2024"})
        assert found == ["7|2024-05-06", "8|2024-05-06"]


def test_a_key_of_other_text_is_as_it_is_written() -> None:
    columns = {"result_id": {"from": ["P", "D"], "join": "|"}, "collected_at": "D"}
    plan = plan_of({"dates": {"timestamp": "%d/%m/%Y"}, "columns": columns})
    assert mapped(plan, "result_id", {"P": "45418", "D": "06/05/2024"}) == ["45418|06/05/2024"]


@pytest.mark.parametrize(
    ("language", "written", "form", "read"),
    [
        ("en", "09-MAY-2023", "%d-%b-%Y", "2023-05-09"),
        ("en", "September 2023", "%B %Y", "2023-09"),
        ("fr", "9 févr. 2023", "%d %b %Y", "2023-02-09"),
        ("fr", "9 août 2023", "%d %B %Y", "2023-08-09"),
        ("fr", "1 Décembre 2023", "%d %B %Y", "2023-12-01"),
        ("de", "9. März 2023", "%d. %B %Y", "2023-03-09"),
        ("de", "09.Okt.2023", "%d.%b.%Y", "2023-10-09"),
        ("de", "9. Mars 2023", "%d. %B %Y", "9. Mars 2023"),
        ("es", "09-SEPT-2023", "%d-%b-%Y", "2023-09-09"),
        ("es", "9 de mayo de 2023", "%d de %B de %Y", "2023-05-09"),
        ("it", "09-mag-2023", "%d-%b-%Y", "2023-05-09"),
        ("it", "giugno 1950", "%B %Y", "1950-06"),
        ("nl", "9 mrt. 2023", "%d %b %Y", "2023-03-09"),
        ("pt", "9 de março de 2023", "%d de %B de %Y", "2023-03-09"),
    ],
)
def test_a_month_has_its_name_in_the_sites_language(language: str, written: str, form: str, read: str) -> None:
    plan = plan_of({"dates": {"date": form, "language": language}, "columns": {"visit_date": "D"}}, feed="visits")
    assert mapped(plan, "visit_date", {"D": written}) == [read]


def test_parts_of_a_date_end_with_the_first_that_is_empty() -> None:
    plan = plan_of({"columns": {"visit_date": {"from": ["Y", "M", "D"], "join": "-"}}}, feed="visits")
    cells = [("1950", "07", "01"), ("1950", "07", None), ("1950", None, "01"), (None, "07", "01")]
    found = mapped(plan, "visit_date", *(dict(zip("YMD", parts, strict=True)) for parts in cells))
    assert found == ["1950-07-01", "1950-07", "1950", None]


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("2023-05-09T06:10:00Z", "2023-05-09T08:10:00.000000+02:00"),
        ("2023-01-09T06:10:00Z", "2023-01-09T07:10:00.000000+01:00"),
        ("2023-05-09T08:10:00+02:00", "2023-05-09T08:10:00.000000+02:00"),
        ("2023-10-29T01:10:00Z", "2023-10-29T02:10:00.000000+01:00"),
        ("2023-05-09T08:10", "2023-05-09T08:10"),
        ("2023-05-09", "2023-05-09"),
        ("soon", "soon"),
        (None, None),
    ],
)
def test_an_instant_becomes_the_sites_wall_clock(written: str | None, clock: str | None) -> None:
    plan = plan_of({"columns": {"collected_at": "T"}}, timezone="Europe/Paris")
    assert mapped(plan, "collected_at", {"T": written}) == [clock]


def test_the_day_of_an_instant_is_the_sites() -> None:
    plan = plan_of({"columns": {"visit_date": "T"}}, feed="visits", timezone="Europe/Paris")
    assert mapped(plan, "visit_date", {"T": "2023-05-08T23:10:00Z"}, {"T": "2023-05-08"}) == [
        "2023-05-09",
        "2023-05-08",
    ]


@pytest.mark.parametrize(
    ("given", "written", "read"),
    [
        ({"format": "hl7v2"}, "20230115", "2023-01-15"),
        ({"format": "hl7v2"}, "2023-01-15", "2023-01-15"),
        ({"format": "hl7v2"}, "2023", "2023"),
        ({"format": "hl7v2"}, "20231350", "20231350"),
        ({"format": "csv"}, "20230115", "20230115"),
    ],
)
def test_a_day_in_digits_is_one_in_any_segment(given: dict[str, Any], written: str, read: str) -> None:
    plan = plan_of({**given, "columns": {"diagnosis_date": "ZDX-1"}}, feed="patients")
    assert mapped(plan, "diagnosis_date", {"ZDX-1": written}) == [read]
