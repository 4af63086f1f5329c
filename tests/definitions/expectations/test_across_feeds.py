"""Every rule across feeds on patients that pass it and patients that break it, through Great Expectations."""

from collections import defaultdict
from datetime import date

from include.definitions.expectations import read_suite
from include.pipeline.validation.cross_feed import cross_check
from include.warehouse import Warehouse
from include.warehouse.near import Near
from tests.definitions.expectations.across import fill_record, read_patients
from tests.support.clinical import fill, rows


def test_each_patient_breaks_the_rules_named_and_no_other(warehouse: Warehouse) -> None:
    cases = read_patients()
    fill_record(warehouse, cases)

    assert cross_check(warehouse, Near(warehouse)) == []

    found: dict[str, set[str]] = defaultdict(set)
    for patient_id, rule_id in rows(warehouse, "SELECT patient_id, rule_id FROM quarantine.failure"):
        found[patient_id].add(rule_id)
    assert found == {case.patient_id: case.breaks for case in cases if case.breaks}


def test_a_finding_names_the_row_at_fault(warehouse: Warehouse) -> None:
    cases = read_patients()
    fill_record(warehouse, cases)
    cross_check(warehouse, Near(warehouse))

    for rule in read_suite("warehouse"):
        feed = rule.rule_id.partition(".")[0]
        found = rows(
            warehouse,
            "SELECT f.severity, f.feed, f.record_key, f.is_overridden FROM quarantine.failure AS f "
            f"WHERE f.rule_id = '{rule.rule_id}' ORDER BY f.record_key",
        )
        at_fault = sorted(
            case.patient_id if feed == "patients" else f"{feed} {case.patient_id[1:]}"
            for case in cases
            if rule.rule_id in case.breaks
        )
        assert found == [(rule.severity, feed, key, False) for key in at_fault]


def test_readers_of_receptor_imaging_are_not_compared(warehouse: Warehouse) -> None:
    exam = {"patient_id": "P1", "exam_id": "E1", "exam_date": date(2012, 3, 1), "modality": "PT"}
    sizes = {"registry": 20, "second": 30}
    lesion = {"patient_id": "P1", "exam_id": "E1", "lesion_id": "L1", "lesion_kind": "target"}
    read = [{**lesion, "reader": name, "longest_diameter_mm": size} for name, size in sizes.items()]
    fill(warehouse, exams=[exam], lesions=read)
    cross_check(warehouse, Near(warehouse))

    found = {rule for (rule,) in rows(warehouse, "SELECT rule_id FROM quarantine.failure")}
    assert found == {"lesions.exam_id.of_receptor_imaging"}


def test_sums_of_several_lesions_differ_less_than_one_lesion(warehouse: Warehouse) -> None:
    # Of the mean: 25.4 % of 1000 are 127 on either side of it, 19.5 % of 2000 are 195 on either side.
    sizes = {
        "one": ([873], [1127]),
        "one too far": ([872], [1128]),
        "several": ([900, 905], [1000, 1195]),
        "several too far": ([900, 904.5], [1000, 1195.5]),
    }
    exams = [{"patient_id": p, "exam_id": p, "exam_date": date(2012, 3, 1), "modality": "CT"} for p in sizes]
    lesions = [
        {"patient_id": p, "exam_id": p, "reader": reader, "lesion_id": f"L{n}", "lesion_kind": "target"}
        | {"longest_diameter_mm": size}
        for p, of in sizes.items()
        for reader, measured in zip(("registry", "second"), of, strict=True)
        for n, size in enumerate(measured)
    ]
    fill(warehouse, exams=exams, lesions=lesions)
    cross_check(warehouse, Near(warehouse))

    told = "SELECT DISTINCT patient_id FROM quarantine.failure WHERE rule_id = 'lesions.reader.sums_differ' ORDER BY 1"
    assert rows(warehouse, told) == [("one too far",), ("several too far",)]


def test_every_rule_has_a_patient_that_breaks_it() -> None:
    broken = {rule for case in read_patients() for rule in case.breaks}

    assert broken == {rule.rule_id for rule in read_suite("warehouse")}
