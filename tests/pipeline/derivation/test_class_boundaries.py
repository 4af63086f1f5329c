"""Classes of numbers: just below, at and just above every limit, and where binary fractions blur a limit."""

from datetime import date

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 6)
NEAR = 1e-9
BLUR = 2e-16
"""Relative: what one rounding of a binary fraction may add or take away."""

# characteristic: classes, and the limits between them with the side (0 = lower, 1 = upper class) that the limit is on
CLASSES: dict[str, tuple[list[str], list[tuple[float, int]]]] = {
    "bmi": (["<=20", "20-25", "25-30", ">30"], [(20, 0), (25, 0), (30, 0)]),
    "liver_burden": (["<10", "10-25", "25-50", "50-75", ">=75"], [(10, 1), (25, 1), (50, 1), (75, 1)]),
    "liver_burden_half": (["<50", ">=50"], [(50, 1)]),
    "creatinine_clearance": (["<30", "30-60", ">60"], [(30, 1), (60, 0)]),
    "ki67": (["G1", "G2", "G3"], [(3, 1), (20, 0)]),
    "mitoses": (["G1", "G2", "G3"], [(2, 1), (20, 0)]),
}


def test_a_limit_belongs_to_one_class(warehouse: Warehouse) -> None:
    cases: list[tuple[str, float, str]] = []
    for characteristic, (classes, limits) in CLASSES.items():
        for place, (limit, side) in enumerate(limits):
            cases.append((characteristic, limit * (1 - NEAR), classes[place]))
            cases.append((characteristic, limit * (1 + NEAR), classes[place + 1]))
            for at in (limit * (1 - BLUR), limit, limit * (1 + BLUR)):
                cases.append((characteristic, at, classes[place + side]))
    ends = {"liver_burden": (0, "<10", 100, ">=75"), "ki67": (0, "G1", 100, "G3"), "bmi": (8, "<=20", 90, ">30")}
    for characteristic, (low, first, high, last) in ends.items():
        cases += [(characteristic, low, first), (characteristic, high, last)]
    select = (
        "SELECT category FROM reference.class_range "
        "WHERE characteristic = :characteristic AND from_value <= :value AND below_value > :value"
    )
    found = [warehouse.run(select, characteristic=name, value=value).scalars().all() for name, value, _ in cases]
    assert found == [[expected] for *_, expected in cases]


def test_a_limit_of_zero_belongs_to_one_class(warehouse: Warehouse) -> None:
    limits = "('below', '<=0', NULL, NULL, 0, TRUE), ('below', '>0', 0, FALSE, NULL, NULL), "
    limits += "('above', '<0', NULL, NULL, 0, FALSE), ('above', '>=0', 0, TRUE, NULL, NULL)"
    columns = "characteristic, category, lower, lower_inclusive, upper, upper_inclusive"
    warehouse.run(f"INSERT INTO reference.class_limit ({columns}) VALUES {limits}")
    for value, expected in ((-NEAR, ["<0", "<=0"]), (0, ["<=0", ">=0"]), (NEAR, [">0", ">=0"])):
        asked = "SELECT category FROM reference.class_range WHERE characteristic IN ('below', 'above') "
        asked += f"AND from_value <= {value} AND below_value > {value} ORDER BY category"
        assert sorted(row[0] for row in rows(warehouse, asked)) == expected


def test_numbers_outside_every_class_and_missing_ones_have_none(warehouse: Warehouse) -> None:
    outside = rows(
        warehouse,
        "SELECT category FROM reference.class_range WHERE characteristic = 'liver_burden' "
        "AND (below_value > 100.1 OR from_value < 0)",
    )
    assert outside == []
    exams: list[Row] = [
        {
            "patient_id": name,
            "exam_id": name,
            "exam_date": FIRST,
            "modality": "CT",
            "liver_tumour_burden_percent": burden,
        }
        for name, burden in (("a", 9.999), ("b", 10), ("c", 49.999), ("d", 50), ("e", None))
    ]
    # 56.25 kg at 150 cm are 25 kg/m2, and 65.61 kg at 162 cm are 25 too, but for the binary fraction
    bodies = {"a": (56.25, 150), "b": (65.61, 162), "c": (65.7, 162), "d": (None, 162), "e": (70, None)}
    visits: list[Row] = [
        {"patient_id": name, "visit_date": FIRST, "vital_status": "alive", "weight_kg": weight, "height_cm": height}
        for name, (weight, height) in bodies.items()
    ]
    sessions = [{"patient_id": name, "performed_on": FIRST, "technique": "ctace"} for name in bodies]
    fill(warehouse, exams=exams, visits=visits, procedures=sessions)
    make(warehouse, "derived.baseline", "derived.patient_stratum")
    select = "SELECT bmi_class, liver_burden_class FROM derived.baseline ORDER BY patient_id"
    assert rows(warehouse, select) == [
        ("20-25", "<10"),
        ("20-25", "10-25"),
        ("25-30", "25-50"),
        (None, "50-75"),
        (None, None),
    ]
    halves = "SELECT patient_id, stratum FROM derived.patient_stratum WHERE stratification = 'burden' ORDER BY 1"
    assert rows(warehouse, halves) == [("a", "<50"), ("b", "<50"), ("c", "<50"), ("d", ">=50")]
