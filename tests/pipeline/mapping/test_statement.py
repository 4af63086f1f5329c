"""What a profile makes of a file's cells: a table in, the contract's columns as text out."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from include.definitions import contracts
from include.definitions.sites import Site
from include.pipeline.formats import Rows
from include.pipeline.mapping import Plan, Plans
from include.pipeline.mapping.choosing import left_out, places_of
from include.pipeline.mapping.statement import texts

Cells = dict[str, str | None]


def plan_of(taken: dict[str, Any], feed: str = "results", **of_site: Any) -> Plan:
    export = {"feed": feed, **taken}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export], **of_site})
    return Plans({"chx": site}, Path()).of("chx", feed, feed)


def rows_of(*cells: Cells) -> Rows:
    names = list(cells[0])
    listed = ", ".join("(" + ", ".join(_quoted(row.get(name)) for name in names) + ")" for row in cells)
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    return Rows(f"(SELECT * FROM (VALUES {listed}) AS v ({columns})) AS f", tuple(names))


def _quoted(text: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if text is None else "'" + text.replace("'", "''") + "'"


def mapped(plan: Plan, column: str, *cells: Cells) -> list[str | None]:
    """What a column of the contract holds, row by row."""
    select = texts(plan, contracts.read(plan.feed), rows_of(*cells))
    return [row[0] for row in duckdb.sql(f'SELECT "{column}" FROM ({select}) AS t').fetchall()]


def counts(plan: Plan, rows: Rows) -> list[tuple[str, int]]:
    """What leaves no row, by reason."""
    return sorted(row for one in left_out(plan, rows) for row in duckdb.sql(one).fetchall() if row[1])


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("A", {"A": " x ", "B": "y"}, "x"),
        (["A", "B"], {"A": "x", "B": "y"}, "x y"),
        (["A", "B"], {"A": "x", "B": None}, "x"),
        ({"from": ["A", "B", "C"], "join": "|"}, {"A": "x", "B": None, "C": "z"}, "x||z"),
        ({"from": ["A", "B"], "join": "|"}, {"A": None, "B": None}, None),
        ({"first": ["A", "B"]}, {"A": None, "B": "y"}, "y"),
        ({"value": "x"}, {"A": None}, "x"),
        ({"from": "A", "match": "P/(.+)"}, {"A": "P/7"}, "7"),
        ({"from": "A", "match": "P/(.+)"}, {"A": "Q/7"}, "Q/7"),
        ({"from": "A", "match": "^(?:([0-9,]+) *-)?.*$"}, {"A": "10,0 - 35,0"}, "10,0"),
        ({"from": "A", "match": "^(?:([0-9,]+) *-)?.*$"}, {"A": "< 35"}, None),
        ({"from": "A", "map": {"1": "yes", "0": "no"}}, {"A": "1"}, "yes"),
        ({"from": "A", "map": {"1": "yes"}}, {"A": "2"}, "2"),
        ({"from": "A", "map": {"": "no"}}, {"A": None}, "no"),
        ({"from": "A", "map": {"": "alive", "*": "dead"}}, {"A": "2019-01-02"}, "dead"),
        ({"from": "A", "map": {"": "alive", "*": "dead"}}, {"A": None}, "alive"),
        ({"from": "A", "map": {"x": "yes", "*": "no"}}, {"A": None}, None),
        ("a'b", {"a'b": "x"}, "x"),
        ('say "x"', {'say "x"': "x"}, "x"),
    ],
)
def test_a_column_comes_from_what_the_profile_says(column: Any, cells: Cells, expected: str | None) -> None:
    assert mapped(plan_of({"columns": {"test_name": column}}), "test_name", cells) == [expected]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("62,0", "62.0"),
        ("> 2 000", ">2000"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("≤5,5", "≤5.5"),
        ("1.5", "1·5"),
        ("> 1 234 567,5 ", ">1234567.5"),
        ("1 50 000", "150000"),
        ("5,5 U/L", "5.5U/L"),
        ("12 15", "12 15"),
        ("1 5000", "1 5000"),
        ("0 500", "0 500"),
        ("1,5 5", "1,5 5"),
        ("Haemolyse", "Haemolyse"),
        ("nég . ", "nég ."),
        ("ND", None),
        ("", None),
    ],
)
def test_a_number_has_a_decimal_comma(written: str, read: str | None) -> None:
    dialect = {"decimal": ",", "group": " \u00a0\u202f", "missing": ["", "ND"]}
    assert mapped(plan_of({"dialect": dialect, "columns": {"value": "V"}}), "value", {"V": written}) == [read]


@pytest.mark.parametrize(
    ("decimal", "group", "written", "read"),
    [
        (",", ".", "1.234.567,5", "1234567.5"),
        (",", ".", "1.5", "1·5"),
        (",", ".", ".5", "·5"),
        (",", ".", "12.03.2024", "12·03·2024"),
        (",", ".", "1,5.5", "1,5·5"),
        (".", ",", "2,000.5", "2000.5"),
        (".", ",", "<1,234", "<1234"),
        (".", ",", "1,1", "1,1"),
        (".", ",", "1,1.5", "1,1·5"),
        (".", "'", "1'234", "1234"),
        (".", ",", "≥ .5", "≥ .5"),
        (",", "", "≥ ,5", "≥ .5"),
        (",.", "", "1,25", "1.25"),
        (",.", "", "<1.25", "<1.25"),
        (",.", "", "1.250,5", "1.250.5"),
        (",.", " ", "1 250,5", "1250.5"),
        (",.", " ", "1 250.5", "1250.5"),
    ],
)
def test_a_group_mark_is_one_only_where_numbers_have_it(decimal: str, group: str, written: str, read: str) -> None:
    dialect = {"decimal": decimal, "group": group}
    assert mapped(plan_of({"dialect": dialect, "columns": {"value": "V"}}), "value", {"V": written}) == [read]


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


def test_a_column_may_write_numbers_otherwise_than_its_file() -> None:
    columns = {"value": "V", "reference_high": {"from": "H", "decimal": "."}}
    plan = plan_of({"format": "csv", "dialect": {"decimal": ",", "group": "."}, "columns": columns})
    assert mapped(plan, "reference_high", {"V": "1.062,5", "H": "35.5"}) == ["35.5"]


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
    ("feed", "column", "said", "cells", "expected"),
    [
        ("visits", "weight_kg", {}, ("heavy", "62,5"), "62.5"),
        ("visits", "weight_kg", {}, ("50", "62,5"), "50"),
        ("visits", "weight_kg", {"unit": "g"}, ("heavy", "137 lb"), "62.14215469"),
        ("visits", "weight_kg", {}, ("heavy", None), "heavy"),
        ("visits", "visit_date", {}, ("soon", "04.05.2024"), "2024-05-04"),
        ("visits", "vital_status", {"map": {"lebt": "alive"}}, ("?", "lebt"), "alive"),
        ("results", "collected_at", {}, ("soon", "04.05.2024"), "2024-05-04"),
        ("results", "value", {}, ("siehe Text", "< 5,5"), "< 5.5"),
    ],
)
def test_the_first_of_several_columns_that_can_be_read(
    feed: str, column: str, said: dict[str, Any], cells: tuple[str, str | None], expected: str
) -> None:
    taken = {
        "dialect": {"decimal": ","},
        "dates": {"date": "%d.%m.%Y"},
        "columns": {column: {"first_readable": ["A", "B"], **said}},
    }
    assert mapped(plan_of(taken, feed=feed), column, dict(zip("AB", cells, strict=True))) == [expected]


@pytest.mark.parametrize(
    ("value", "concept", "expected"),
    [
        ("5", "4171756", "<5"),
        ("5", "4172703", "5"),
        ("> 5", "4171756", "> 5"),
        ("5", None, "5"),
        (None, "4171756", None),
    ],
)
def test_a_comparator_goes_before_a_number_that_has_none(
    value: str | None, concept: str | None, expected: str | None
) -> None:
    comparator = {"from": "O", "map": {"4171756": "<", "4172703": "="}}
    plan = plan_of({"columns": {"value": {"from": "V", "comparator": comparator}}})
    assert mapped(plan, "value", {"V": value, "O": concept}) == [expected]


def test_other_rows_are_left_out_and_counted() -> None:
    rows_of_feed = {"where": {"form": ["ae", "sae"], "arm": ""}, "unless": {"term": {"match": "(?i)^test"}}}
    taken = {"rows": rows_of_feed, "columns": {"term": "term"}}
    plan = plan_of(taken, feed="adverse_events")
    rows = rows_of(
        {"form": "ae", "arm": None, "term": "fever"},
        {"form": None, "arm": None, "term": "x"},
        {"form": "sae", "arm": "", "term": "death"},
        {"form": "ae", "arm": "1", "term": "y"},
        {"form": "ae", "arm": "", "term": "TEST 2"},
    )

    select = texts(plan, contracts.read("adverse_events"), rows)

    assert duckdb.sql(f"SELECT term FROM ({select}) AS t").fetchall() == [("fever",), ("death",)]
    assert counts(plan, rows) == [("other_rows", 3)]


def test_wide_columns_become_rows_in_their_order() -> None:
    taken = {
        "rows": {
            "unpivot": {
                "columns": ["AST", "GGT", "ALT"],
                "name": "test",
                "value": "result",
                "also": {"its unit": ["AST unit", "GGT unit", ""]},
            }
        },
        "columns": {
            "test_code": "test",
            "value": "result",
            "unit": "its unit",
            "result_id": {"from": ["id", "test"], "join": "|"},
        },
    }
    plan = plan_of({**taken, "dialect": {"missing": ["", "ND"]}})
    cells = (
        {"AST": "40", "ALT": "ND ", "AST unit": "U/L"},
        {"AST": "41", "ALT": "42", "AST unit": "ukat/L"},
        {"AST": None, "ALT": "ND", "AST unit": None},
    )
    rows = rows_of(*({"id": str(number), **row} for number, row in enumerate(cells, start=1)))

    select = texts(plan, contracts.read("results"), rows)

    assert duckdb.sql(f"SELECT result_id, test_code, value, unit FROM ({select}) AS t").fetchall() == [
        ("1|AST", "AST", "40", "U/L"),
        ("2|AST", "AST", "41", "ukat/L"),
        ("2|ALT", "ALT", "42", None),
    ]
    assert counts(plan, rows) == [("empty_row", 1)]


@pytest.mark.parametrize(
    ("column", "unknown"),
    [
        ("redcap_repeat_instrument", [("unknown_rows", 1), ("unknown_rows: surgery", 2)]),
        ("diagnosis", [("unknown_rows", 3)]),
    ],
)
def test_a_kind_of_row_that_no_feed_takes_is_told_once(column: str, unknown: list[tuple[str, int]]) -> None:
    feeds = {feed: {"rows": {"where": {column: kind}}} for feed, kind in (("visits", ""), ("adverse_events", "ae"))}
    export = {"feeds": feeds, "ignored_rows": {column: "qol"}}
    site = Site.model_validate({"site": "chx", "patients": "local", "exports": [export]})
    rows = rows_of(*({column: kind} for kind in (None, "ae", "qol", "surgery", "surgery", "Jean Dupont")))

    visits, events = (Plans({"chx": site}, Path()).of("chx", "visits+adverse_events", feed) for feed in feeds)

    assert counts(visits, rows) == [("other_rows", 2), *unknown]
    assert counts(events, rows) == [("other_rows", 5)]


def test_long_rows_become_columns_of_one() -> None:
    taken = {
        "rows": {
            "pivot": {
                "by": ["who", "lesion"],
                "columns": ["LDIAM", "VDIAM"],
                "name": "test",
                "value": "size",
                "unit": "unit",
            }
        },
        "columns": {
            "lesion_id": "lesion",
            "exam_id": "exam",
            "longest_diameter_mm": "LDIAM",
            "viable_diameter_mm": "VDIAM",
        },
    }
    plan = plan_of(taken, feed="lesions")
    tests = (
        ("L2", "LDIAM", "3"),
        ("L1", "LDIAM", "2"),
        ("L1", "STATE", "x"),
        ("L1", "VDIAM", "9"),
        ("L2", "LDIAM", "4"),
    )
    rows = rows_of(
        *(
            {
                "who": "7",
                "lesion": one,
                "exam": "E",
                "test": test,
                "size": size,
                "unit": "mm" if test == "VDIAM" else "cm",
            }
            for one, test, size in tests
        )
    )

    select = texts(plan, contracts.read("lesions"), rows)

    found = duckdb.sql(
        f"SELECT lesion_id, exam_id, longest_diameter_mm, viable_diameter_mm FROM ({select}) AS t"
    ).fetchall()
    assert [found[0][0], found[1]] == ["L2", ("L1", "E", "20", "9")]
    assert sorted(found[0][2].split(" / ")) == ["3 cm", "4 cm"]
    assert counts(plan, rows) == [("joined_row", 2), ("other_rows", 1)]
    assert duckdb.sql(places_of(plan, rows)).fetchall() == [(1,), (2,)]


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
