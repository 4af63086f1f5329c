"""WHO 2019 grade: indices at their limits, what decides, several reports, the first procedure."""

from datetime import date

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)


def report(patient: str, day: date = date(2019, 12, 1), **cells: object) -> Row:
    return {"patient_id": patient, "reported_on": day, "primary_site": "C17.2", "differentiation": "well", **cells}


def session(patient: str) -> Row:
    return {"patient_id": patient, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"}


def grades(warehouse: Warehouse, reports: list[Row], treated: bool = True) -> dict[str, tuple[str, str]]:
    """Grade and what decided it, of each patient."""
    patients = sorted({str(row["patient_id"]) for row in reports})
    fill(warehouse, reports=reports, procedures=[session(patient) for patient in patients] if treated else [])
    make(warehouse, "derived.tumour_grade")
    select = "SELECT patient_id, grade, source FROM derived.tumour_grade WHERE grade IS NOT NULL"
    return {p: (g, s) for p, g, s in rows(warehouse, select)}


def test_a_ki67_on_a_limit_is_g2(warehouse: Warehouse) -> None:
    indices = {"a": 0, "b": 2.9, "c": 3, "d": 20, "e": 20.1, "f": 100}
    found = grades(warehouse, [report(p, ki67_percent=k, differentiation="well") for p, k in indices.items()])
    assert [found[p] for p in indices] == [(g, "ki67") for g in ("G1", "G1", "G2", "G2", "G3", "G3")]


def test_the_higher_index_wins(warehouse: Warehouse) -> None:
    indices = {
        "a": (1, 1.9),
        "b": (1, 2),
        "c": (1, 20),
        "d": (1, 21),
        "e": (10, 30),
        "f": (10, 5),
        "g": (25, 1),
    }
    found = grades(warehouse, [report(p, ki67_percent=k, mitoses_per_2mm2=m) for p, (k, m) in indices.items()])
    assert found == {
        "a": ("G1", "ki67"),
        "b": ("G2", "mitoses"),
        "c": ("G2", "mitoses"),
        "d": ("G3", "mitoses"),
        "e": ("G3", "mitoses"),
        "f": ("G2", "ki67"),
        "g": ("G3", "ki67"),
    }


def test_a_censored_index_decides_where_every_value_that_it_can_stand_for_gives_the_same_grade(
    warehouse: Warehouse,
) -> None:
    indices: dict[str, tuple[str | None, str | None, tuple[str, str] | None]] = {
        # Ki-67, mitoses, grade and what decided it
        "below 1": ("<1", None, ("G1", "ki67")),
        "below 3": ("<3", None, ("G1", "ki67")),
        "at most 2": ("<=2", None, ("G1", "ki67")),
        "at most 3": ("<=3", None, None),
        "below 5": ("<5", None, None),
        "above 20": (">20", None, ("G3", "ki67")),
        "at least 20": (">=20", None, None),
        "at least 3": (">=3", None, None),
        "the other is higher": ("<1", "5", ("G2", "mitoses")),
        "the other is as high as it can be": ("<=20", "2", ("G2", "mitoses")),
        "the other is not": ("<5", "1", None),
        "both low": ("<1", "<2", ("G1", "ki67")),
        "both open": ("<5", "<5", None),
        "mitoses alone": (None, ">20", ("G3", "mitoses")),
        "highest of all": (">20", "<2", ("G3", "ki67")),
    }
    reports = [
        report(p, **bounded("ki67_percent", k), **bounded("mitoses_per_2mm2", m)) for p, (k, m, _) in indices.items()
    ]
    reported = report("reported", **bounded("ki67_percent", "<5"), reported_grade="G2")
    found = grades(warehouse, [*reports, reported])
    assert found == {p: grade for p, (_, _, grade) in indices.items() if grade} | {"reported": ("G2", "reported")}


def bounded(column: str, text: str | None) -> Row:
    """The cells of an index that may have a comparator."""
    if text is None:
        return {}
    number = text.lstrip("<>=")
    return {column: float(number), f"{column}_comparator": text[: len(text) - len(number)] or None}


def test_poorly_differentiated_is_nec_and_a_missing_ki67_leaves_the_reported_grade(
    warehouse: Warehouse,
) -> None:
    found = grades(
        warehouse,
        [
            report("poor", ki67_percent=60, differentiation="poor", reported_grade="G3"),
            report("well", ki67_percent=60, differentiation="well", reported_grade="NEC"),
            report("nec", ki67_percent=60, differentiation=None, reported_grade="NEC"),
            report("reported", mitoses_per_2mm2=30, reported_grade="G1"),
            report("mitoses", mitoses_per_2mm2=30),
            report("nothing", differentiation="well"),
        ],
    )
    assert found == {
        "poor": ("NEC", "reported"),
        "well": ("G3", "ki67"),
        "nec": ("NEC", "reported"),
        "reported": ("G1", "reported"),
        "mitoses": ("G3", "mitoses"),
    }


def test_the_highest_grade_up_to_the_first_procedure(warehouse: Warehouse) -> None:
    found = grades(
        warehouse,
        [
            report("a", date(2015, 1, 1), ki67_percent=10),
            report("a", date(2019, 1, 1), ki67_percent=1),
            report("a", date(2020, 1, 2), ki67_percent=50),
            report("b", FIRST, reported_grade="G3"),
            report("c", date(2020, 1, 2), ki67_percent=50),
        ],
    )
    assert found == {"a": ("G2", "ki67"), "b": ("G3", "reported")}


def test_without_a_procedure_every_report_counts(warehouse: Warehouse) -> None:
    assert grades(warehouse, [report("a", date(2029, 1, 1), ki67_percent=5)], treated=False) == {"a": ("G2", "ki67")}


def test_the_row_names_the_report_that_decided(warehouse: Warehouse) -> None:
    found = grades(
        warehouse,
        [
            report("a", report_id="biopsy", ki67_percent=4),
            report("a", report_id="resection", ki67_percent=12, mitoses_per_2mm2=3),
        ],
    )
    assert found == {"a": ("G2", "ki67")}
    decided = rows(warehouse, "SELECT report_id, ki67_percent, mitoses_per_2mm2 FROM derived.tumour_grade")
    assert decided == [("resection", 12, 3)]


def test_an_index_above_20_without_differentiation_gives_no_grade_of_its_own(warehouse: Warehouse) -> None:
    cells = {"unknown": {}, "g3": {"reported_grade": "G3"}, "g2": {"reported_grade": "G2"}}
    open_ones = [report(p, ki67_percent=60, differentiation=None, **more) for p, more in cells.items()]
    found = grades(warehouse, [*open_ones, report("g1", ki67_percent=1, mitoses_per_2mm2=1, differentiation=None)])
    assert found == {"g3": ("G3", "reported"), "g1": ("G1", "ki67")}
    kept = rows(warehouse, "SELECT ki67_percent FROM derived.tumour_grade WHERE grade IS NULL")
    assert kept == [(60,), (60,)]


def test_a_lung_tumour_is_graded_by_mitoses_alone(warehouse: Warehouse) -> None:
    indices = {"a": (50, 1.9), "b": (1, 2), "c": (1, 10), "d": (1, 10.1)}
    lung = [report(p, ki67_percent=k, mitoses_per_2mm2=m, primary_site="C34.1") for p, (k, m) in indices.items()]
    liver = [
        report("e", ki67_percent=10, mitoses_per_2mm2=1, primary_site=None),
        report("e", date(2019, 1, 1), differentiation=None, primary_site="C34.9"),
        report("f", **bounded("mitoses_per_2mm2", ">=2"), primary_site="C34.9", reported_grade="G2"),
    ]
    beyond: dict[str, tuple[str, str] | None] = {
        "G1": None,
        "G2": None,
        "G3": ("G3", "reported"),
        "NEC": ("NEC", "reported"),
    }
    many = [report(p, mitoses_per_2mm2=20, primary_site="C34.1", reported_grade=p) for p in beyond]
    assert grades(warehouse, [*lung, *liver, *many]) == {
        **{p: grade for p, grade in beyond.items() if grade},
        "a": ("G1", "mitoses"),
        "b": ("G2", "mitoses"),
        "c": ("G2", "mitoses"),
        "e": ("G1", "mitoses"),
        "f": ("G2", "reported"),
    }


def test_necrosis_makes_a_carcinoid_of_the_lung_atypical(warehouse: Warehouse) -> None:
    cases: dict[str, tuple[Row, tuple[str, str] | None]] = {
        "few mitoses": ({"mitoses_per_2mm2": 1}, ("G2", "necrosis")),
        "either grade": (bounded("mitoses_per_2mm2", "<5"), ("G2", "necrosis")),
        "beyond the carcinoids": ({"mitoses_per_2mm2": 11}, None),
        "not counted": ({}, ("G2", "necrosis")),
        "reported as typical": ({"reported_grade": "G1"}, ("G2", "necrosis")),
        "reported as carcinoma": ({"reported_grade": "NEC", "differentiation": "poor"}, ("NEC", "reported")),
        "none": ({"mitoses_per_2mm2": 1, "necrosis": "no"}, ("G1", "mitoses")),
        "of the ileum": ({"mitoses_per_2mm2": 1, "ki67_percent": 1, "primary_site": "C17.2"}, ("G1", "ki67")),
    }
    reports = [report(p, **{"primary_site": "C34.1", "necrosis": "yes", **cells}) for p, (cells, _) in cases.items()]
    assert grades(warehouse, reports) == {p: grade for p, (_, grade) in cases.items() if grade}


def test_the_spread_of_ki67_and_a_higher_grade_later_are_kept(warehouse: Warehouse) -> None:
    found = grades(
        warehouse,
        [
            report("a", ki67_percent=4, specimen="primary"),
            report("a", ki67_percent=12, specimen="liver"),
            report("a", date(2021, 1, 1), ki67_percent=30, specimen="liver"),
        ],
    )
    assert found == {"a": ("G2", "ki67")}
    columns = "ki67_lowest_percent, ki67_highest_percent, grade_after_treatment, has_progressed"
    assert rows(warehouse, f"SELECT {columns} FROM derived.tumour_grade") == [(4, 12, "G3", True)]
