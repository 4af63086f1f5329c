"""The study's criteria: met, not met, unknown; limits, censored values, and what the detail may say."""

from datetime import date, datetime

from include.warehouse import Warehouse
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 15)


def session(patient: str, **cells: object) -> Row:
    study = {"performed_on": FIRST, "technique": "ctace", "drug": "streptozocin", "territory": "whole_liver"}
    return {"patient_id": patient, **study, **cells}


def result(patient: str, code: str, value: str, unit: str, high: float | None = None) -> Row:
    at = datetime(2020, 1, 10, 8)
    row = {"patient_id": patient, "test_code": code, "collected_at": at, "value": value, "unit": unit}
    return {**row, "reference_high": high}


def judged(warehouse: Warehouse, criterion: str) -> dict[str, bool | None]:
    """Whether each patient meets the criterion."""
    make(warehouse, "derived.eligibility")
    select = "SELECT patient_id, met FROM derived.eligibility WHERE criterion = :criterion"
    return {row[0]: row[1] for row in warehouse.run(select, criterion=criterion)}


def test_every_patient_is_judged_by_every_criterion(warehouse: Warehouse) -> None:
    fill(warehouse, patients=[{"patient_id": "untreated"}], procedures=[session("treated")])
    assert judged(warehouse, "treated") == {"treated": True, "untreated": False}
    counts = rows(
        warehouse,
        "SELECT patient_id, COUNT(*), COUNT(met) FROM derived.eligibility GROUP BY patient_id ORDER BY 1",
    )
    criteria = rows(warehouse, "SELECT COUNT(*) FROM reference.eligibility_criterion")[0][0]
    assert counts == [("treated", criteria, 4), ("untreated", criteria, 1)]


def test_liver_function_below_three_times_its_own_limit(warehouse: Warehouse) -> None:
    tests = {
        "ast_below_3_uln": ("1920-8", "U/L"),
        "alt_below_3_uln": ("1742-6", "U/L"),
        "bilirubin_below_3_uln": ("14631-6", "umol/L"),
    }
    values = {
        "a": "105.5",
        "b": "105.6",
        "c": "<105.6",
        "d": "<=105.6",
        "e": ">100",
        "f": ">=105.6",
        "g": "<200",
    }
    fill(
        warehouse,
        procedures=[session(p) for p in (*values, "no_limit", "none")],
        results=[
            *(result(p, code, v, unit, 35.2) for code, unit in tests.values() for p, v in values.items()),
            *(result("no_limit", code, "20", unit) for code, unit in tests.values()),
        ],
    )
    for criterion in tests:
        found = judged(warehouse, criterion)
        assert [found[p] for p in values] == [True, False, True, None, None, False, None], criterion
        assert (found["no_limit"], found["none"]) == (None, None), criterion


def test_platelets_prothrombin_and_clearance_above_their_limits(warehouse: Warehouse) -> None:
    values = {"a": "50", "b": "50.1", "c": ">50", "d": "<50", "e": "<=51"}
    fill(
        warehouse,
        procedures=[session(p) for p in (*values, "good", "poor")],
        results=[
            *(result(p, "777-3", v, "10*9/L") for p, v in values.items()),
            *(result(p, "5894-1", v, "%") for p, v in values.items()),
            result("good", "14682-9", "80", "umol/L"),
            result("poor", "14682-9", "250", "umol/L"),
        ],
    )
    for criterion in ("platelets_above_50", "prothrombin_above_50"):
        found = judged(warehouse, criterion)
        assert [found[p] for p in values] == [False, True, True, False, None]
    clearance = judged(warehouse, "creatinine_clearance_above_30")
    assert (clearance["good"], clearance["poor"], clearance["a"]) == (True, False, None)


def test_adult_from_the_eighteenth_birthday_on(warehouse: Warehouse) -> None:
    births = {"day_before": date(2002, 1, 16), "birthday": date(2002, 1, 15), "older": date(1950, 12, 31)}
    fill(
        warehouse,
        patients=[{"patient_id": p, "birth_date": born} for p, born in births.items()],
        procedures=[session(p) for p in births],
    )
    assert judged(warehouse, "adult") == {"day_before": False, "birthday": True, "older": True}


def test_study_period_and_treatment(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        procedures=[
            session("early", performed_on=date(2010, 2, 28)),
            session("first", performed_on=date(2010, 3, 1)),
            session("last", performed_on=date(2020, 3, 31), drug="doxorubicin"),
            session("late", performed_on=date(2020, 4, 1), technique="sirt", drug=None),
            session("unknown", drug=None),
        ],
    )
    period = {"early": False, "first": True, "last": True, "late": False, "unknown": True}
    drug = {"early": True, "first": True, "last": False, "late": False, "unknown": None}
    assert judged(warehouse, "study_period") == period
    assert judged(warehouse, "streptozocin_ctace") == drug


def test_disease_and_performance(warehouse: Warehouse) -> None:
    found = {
        "fit": (2, "no", date(2020, 1, 15)),
        "unfit": (3, "yes", date(2020, 1, 16)),
        "silent": (None, None, None),
    }
    fill(
        warehouse,
        patients=[{"patient_id": p, "liver_metastases_date": day} for p, (_, _, day) in found.items()],
        procedures=[session(p) for p in found],
        visits=[
            {"patient_id": p, "visit_date": FIRST, "vital_status": "alive", "ecog": ecog}
            for p, (ecog, _, _) in found.items()
        ],
        exams=[
            {"patient_id": p, "exam_date": FIRST, "modality": "CT", "extrahepatic_disease": outside}
            for p, (_, outside, _) in found.items()
        ],
    )
    assert judged(warehouse, "ecog_at_most_2") == {"fit": True, "unfit": False, "silent": None}
    assert judged(warehouse, "liver_metastases") == {"fit": True, "unfit": False, "silent": None}
    assert judged(warehouse, "liver_dominant_disease") == {"fit": True, "unfit": None, "silent": None}


def test_liver_metastases_are_known_from_a_date_the_diagnosis_or_an_exam(warehouse: Warehouse) -> None:
    before, after = date(2020, 1, 14), date(2020, 1, 16)
    cases: dict[str, tuple[str | None, date | None, date | None, float | None]] = {
        # timing, diagnosis, metastases, tumour burden of the liver before the first procedure
        "synchronous": ("synchronous", before, None, None),
        "synchronous, later": ("synchronous", after, None, None),
        "synchronous, later, dated": ("synchronous", before, after, None),
        "metachronous": ("metachronous", before, None, None),
        "seen": (None, None, None, 1),
        "seen before the date": ("metachronous", before, after, 5),
        "none seen": (None, None, None, 0),
    }
    fill(
        warehouse,
        patients=[
            {
                "patient_id": name,
                "liver_metastases_timing": timing,
                "diagnosis_date": diagnosis,
                "liver_metastases_date": metastases,
            }
            for name, (timing, diagnosis, metastases, _) in cases.items()
        ],
        procedures=[session(name) for name in cases],
        exams=[
            {
                "patient_id": name,
                "exam_id": f"exam of {name}",
                "exam_date": FIRST,
                "modality": "CT",
                "liver_tumour_burden_percent": burden,
            }
            for name, (*_, burden) in cases.items()
        ],
    )
    assert judged(warehouse, "liver_metastases") == {
        "synchronous": True,
        "synchronous, later": False,
        "synchronous, later, dated": False,
        "metachronous": None,
        "seen": True,
        "seen before the date": True,
        "none seen": None,
    }
    select = "SELECT patient_id, source_table, source_id FROM derived.eligibility WHERE criterion = 'liver_metastases'"
    sources = {patient: source for patient, *source in rows(warehouse, select)}
    assert sources["synchronous"] == ["patients", "synchronous"]
    assert sources["seen before the date"] == ["exams", "exam of seen before the date"]


def test_the_detail_gives_a_reason_and_no_value(warehouse: Warehouse) -> None:
    fill(
        warehouse,
        patients=[{"patient_id": "untreated"}],
        procedures=[session("a")],
        results=[result("a", "1920-8", "<777", "U/L", 35), result("a", "1742-6", "777", "U/L")],
    )
    make(warehouse, "derived.eligibility")
    found = rows(warehouse, "SELECT patient_id, criterion, detail FROM derived.eligibility")
    detail = {(patient, criterion): text for patient, criterion, text in found}
    assert "censored" in detail["a", "ast_below_3_uln"]
    assert "upper limit of normal" in detail["a", "alt_below_3_uln"]
    assert "not recorded" in detail["a", "bilirubin_below_3_uln"]
    assert "no procedure" in detail["untreated", "adult"]
    assert not any("777" in text for text in detail.values())
