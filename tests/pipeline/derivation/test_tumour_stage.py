"""TNM and stage group, at diagnosis and at the first procedure."""

from datetime import date

from include.warehouse import Warehouse
from tests.pipeline.derivation.response_cases import other, target
from tests.support.clinical import Row, fill, rows
from tests.support.making import make

FIRST = date(2020, 1, 1)
LATER, EARLIER = "metachronous", "synchronous"
# Stage groups of well differentiated tumours, as the routines ONCSGA8A and ONCSGA8B of VistA Oncology make them, and
# those of ENETS (Rindi 2006 and 2007), of which the lung has none and the appendix another T.
GROUPS = [
    ("C25.9", "T1", "N0", "M0", "I", "I"),
    ("C17.2", "T3", "N0", "M0", "II", "IIB"),
    ("C17.2", "T1", "N2", "M0", "III", "IIIB"),
    ("C16.2", "T4", "N0", "M0", "III", "IIIA"),
    ("C18.1", "T2", "N0", "M0", "II", None),
    ("C18.7", "T2", "N0", "M0", "IIA", "IIA"),
    ("C20.9", "T1b", "N1", "M0", "IIIB", "IIIB"),
    ("C18.0", "T4", "N0", "M0", "IIIA", "IIIA"),
    ("C34.1", "T1b", "N0", "M0", "IA2", None),
    ("C34.1", "T4", "N3", "M0", "IIIC", None),
    ("C34.1", "T2", "N0", "M0", None, None),
    ("C34.1", None, None, "M1c", "IVB", None),
    ("C25.9", "TX", "NX", "M1b", "IV", "IV"),
    ("C25.9", "T1", None, "M0", None, None),
    ("C80.9", "T1", "N0", "M0", None, None),
]


def report(patient: str, site: str, **cells: object) -> Row:
    return {"patient_id": patient, "reported_on": date(2019, 12, 1), "primary_site": site, **cells}


def session(patient: str) -> Row:
    return {"patient_id": patient, "performed_on": FIRST, "technique": "ctace", "territory": "whole_liver"}


def test_t_n_and_m_make_the_stage_of_the_site(warehouse: Warehouse) -> None:
    cases = {f"P{number:02}": case for number, case in enumerate(GROUPS)}
    fill(
        warehouse,
        patients=[{"patient_id": p, "ct": t, "cn": n, "cm": m} for p, (_, t, n, m, _, _) in cases.items()],
        reports=[report(p, site) for p, (site, *_) in cases.items()],
    )
    make(warehouse, "derived.tumour_stage")
    columns = "patient_id, stage_at_diagnosis, enets_stage_at_diagnosis"
    stages = rows(warehouse, f"SELECT {columns} FROM derived.tumour_stage ORDER BY patient_id")
    assert stages == [(p, *case[4:]) for p, case in cases.items()]


AT_FIRST_PROCEDURE: list[tuple[str, str, str | None, str | None, tuple[str, ...]]] = [
    # site, timing of the metastases, disease outside the liver, M: M and stage, at diagnosis and then
    ("C25.9", LATER, "no", "M0", ("M0", "II", "M1a", "IV")),
    ("C25.9", LATER, "yes", "M0", ("M0", "II", "M1c", "IV")),
    ("C25.9", EARLIER, None, None, ("M1", "IV", "M1", "IV")),
    ("C34.9", EARLIER, "yes", None, ("M1", "IV", "M1", "IV")),
    ("C34.9", LATER, "no", "M1a", ("M1a", "IVA", "M1", "IV")),
    ("C34.9", LATER, "yes", "M1c", ("M1c", "IVB", "M1c", "IVB")),
    ("C34.9", EARLIER, "no", "M1a", ("M1", "IV", "M1", "IV")),
    ("C34.9", EARLIER, "no", "M1b", ("M1b", "IVA", "M1", "IV")),
    ("C34.9", EARLIER, "no", "M1c", ("M1c", "IVB", "M1c", "IVB")),
    ("C25.9", EARLIER, "yes", "M1b", ("M1c", "IV", "M1c", "IV")),
    ("C25.9", EARLIER, "no", "M1a", ("M1a", "IV", "M1a", "IV")),
    ("C25.9", EARLIER, "no", "M0", ("M1", "IV", "M1a", "IV")),
]


def test_liver_metastases_are_m1_at_the_first_procedure(warehouse: Warehouse) -> None:
    cases = {f"P{number:02}": case for number, case in enumerate(AT_FIRST_PROCEDURE)}
    tumour = {"ct": "T2", "cn": "N0", "liver_metastases_date": date(2019, 6, 1)}
    fill(
        warehouse,
        patients=[
            {"patient_id": p, "cm": cm, "liver_metastases_timing": timing, **tumour}
            for p, (_, timing, _, cm, _) in cases.items()
        ],
        reports=[report(p, site) for p, (site, *_) in cases.items()],
        procedures=[session(p) for p in cases],
        exams=[
            {"patient_id": p, "exam_date": FIRST, "modality": "CT", "extrahepatic_disease": outside}
            for p, (_, _, outside, _, _) in cases.items()
        ],
    )
    make(warehouse, "derived.tumour_stage")
    columns = "patient_id, m_at_diagnosis, stage_at_diagnosis, m, stage"
    stages = rows(warehouse, f"SELECT {columns} FROM derived.tumour_stage ORDER BY patient_id")
    assert stages == [(p, *expected) for p, (*_, expected) in cases.items()]


def test_a_lung_with_several_lesions_of_the_liver_is_m1c(warehouse: Warehouse) -> None:
    found = {
        "one": [target("A", 20), other("B", "absent"), target("N", 20, lymph_node="yes")],
        "two": [target("A", 20), other("B")],
        "measured": [target("A", 20, assessment=None), target("B", 9, assessment=None)],
        "asked": [target("A", 20), other("B", "equivocal")],
    }
    fill(
        warehouse,
        patients=[{"patient_id": p, "liver_metastases_timing": EARLIER, "cm": "M1a"} for p in found],
        reports=[report(p, "C34.9") for p in found],
        procedures=[session(p) for p in found],
        exams=[{"patient_id": p, "exam_id": p, "exam_date": FIRST, "modality": "CT"} for p in found],
        lesions=[{"patient_id": p, "exam_id": p, **lesion} for p, seen in found.items() for lesion in seen],
    )
    make(warehouse, "derived.tumour_stage")
    stages = rows(warehouse, "SELECT patient_id, m_at_diagnosis, m, stage FROM derived.tumour_stage ORDER BY 1")
    assert stages == [
        ("asked", "M1", "M1", "IV"),
        ("measured", "M1", "M1c", "IVB"),
        ("one", "M1", "M1", "IV"),
        ("two", "M1", "M1c", "IVB"),
    ]


def test_pathology_decides_and_a_disagreement_is_told(warehouse: Warehouse) -> None:
    clinical = {"ct": "T1", "cn": "N0", "cm": "M0", "stage": "II"}
    fill(
        warehouse,
        patients=[{"patient_id": p, **clinical} for p in ("agrees", "differs", "carcinoma")],
        reports=[
            report("agrees", "C25.9", report_id="R1", pt="T3"),
            report("agrees", "C25.9", reported_on=date(2020, 1, 2), pt="T4"),
            report("differs", "C25.9", report_id="R2", pt="T3", pn="N1"),
            report("carcinoma", "C25.9", differentiation="poor", reported_grade="NEC"),
        ],
        procedures=[session("agrees")],
    )
    make(warehouse, "derived.tumour_stage")
    columns = "patient_id, t, t_report_id, n, n_report_id, stage_at_diagnosis, agrees"
    assert rows(warehouse, f"SELECT {columns} FROM derived.tumour_stage ORDER BY patient_id") == [
        ("agrees", "T3", "R1", "N0", None, "II", True),
        ("carcinoma", "T1", None, "N0", None, None, None),
        ("differs", "T3", "R2", "N1", "R2", "III", False),
    ]
