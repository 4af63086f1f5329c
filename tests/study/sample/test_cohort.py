"""The cohort that the last valid versions make: the counts that the study prints, dates in order."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from include.study.sample import PLANTED
from tests.study.sample.reading import Row, last_night

Final = dict[str, dict[str, Row]]


def first_sessions(final: Final) -> dict[str, str]:
    """Patient to day of the first session."""
    days: dict[str, list[str]] = defaultdict(list)
    for row in final["procedures"].values():
        days[row["patient_id"]].append(row["performed_on"])
    return {patient: min(found) for patient, found in days.items()}


def at_baseline(final: Final, feed: str, column: str) -> list[Row]:
    """Each patient's last row on or before the first session."""
    starts, last = first_sessions(final), {}
    for row in sorted(final[feed].values(), key=lambda row: row[column]):
        if row[column][:10] <= starts[row["patient_id"]]:
            last[row["patient_id"]] = row
    return list(last.values())


@pytest.mark.parametrize(
    ("column", "counts"),
    [
        ("sex", {"male": 25, "female": 27}),
        ("primary_resected", {"yes": 30, "no": 22}),
        ("liver_metastases_timing", {"synchronous": 41, "metachronous": 11}),
        (
            "discovery_mode",
            {"carcinoid_syndrome": 12, "pain": 22, "fortuitous": 11, "other": 4, "unknown": 3},
        ),
    ],
)
def test_patients_have_the_counts_of_table_1(final: Final, column: str, counts: dict[str, int]) -> None:
    assert Counter(row[column] for row in final["patients"].values()) == counts


def test_reports_have_the_counts_of_table_1(final: Final) -> None:
    first = {row["patient_id"]: row for row in final["reports"].values() if row["report_id"].endswith("-1")}
    assert len(first) == 52
    sites = Counter(
        {"C25.9": "pancreas", "C34.9": "lung", "C80.9": "unknown"}.get(r["primary_site"], "GI") for r in first.values()
    )
    assert sites == {"GI": 29, "pancreas": 14, "lung": 4, "unknown": 5}
    assert Counter(row["reported_grade"] for row in first.values()) == {"G1": 26, "G2": 22, "G3": 1, "": 3}
    ki67 = sorted(float(row["ki67_percent"]) for row in first.values() if row["ki67_percent"])
    assert (len(ki67), round(sum(ki67) / 40, 1), (ki67[19] + ki67[20]) / 2, ki67[-1]) == (40, 5.7, 2.0, 30)


def test_previous_treatments_have_the_counts_of_table_1(final: Final) -> None:
    starts = first_sessions(final)
    before = {
        (r["kind"], r["patient_id"]) for r in final["treatments"].values() if r["started_on"] < starts[r["patient_id"]]
    }
    assert Counter(kind for kind, _ in before) == {
        "hepatic_surgery": 12,
        "ablation": 2,
        "systemic_chemotherapy": 14,
        "somatostatin_analogue": 37,
        "tace": 8,
        "prrt": 2,
        "primary_surgery": 30,
    }


def test_baseline_exams_have_the_counts_of_table_1(final: Final) -> None:
    exams = at_baseline(final, "exams", "exam_date")
    assert Counter(row["extrahepatic_disease"] for row in exams) == {"yes": 20, "no": 32}
    burdens = [float(row["liver_tumour_burden_percent"]) for row in exams]
    limits = ((0, 10), (10, 25), (25, 50), (50, 75), (75, 101))
    assert [sum(low <= burden < high for burden in burdens) for low, high in limits] == [9, 15, 13, 8, 7]
    of_exam = Counter(row["exam_id"] for row in final["lesions"].values() if row["lesion_kind"] == "target")
    assert sum(of_exam[row["exam_id"]] >= 2 for row in exams) == 43
    assert all(of_exam[row["exam_id"]] for row in exams)


def test_baseline_symptoms_have_the_counts_of_the_study(final: Final) -> None:
    visits = at_baseline(final, "visits", "visit_date")
    assert sum(row["diarrhoea"] != "none" for row in visits) == 29
    assert sum(row["flushing"] != "none" for row in visits) == 23
    assert sum((row["diarrhoea"], row["flushing"]) != ("none", "none") for row in visits) == 42
    assert sum(bool(row["height_cm"] and row["weight_kg"]) for row in visits) == 50


def test_sessions_have_the_counts_of_the_study(final: Final) -> None:
    sessions = list(final["procedures"].values())
    assert len(sessions) == 127
    a_patient = Counter(row["patient_id"] for row in sessions)
    assert [sum(n >= least for n in a_patient.values()) for least in (1, 2, 3, 7, 8)] == [52, 37, 22, 1, 0]
    first = [row for row in sessions if row["procedure_id"].endswith("-1")]
    assert Counter(row["planned_sessions"] for row in first) == {"1": 18, "2": 20, "3": 12, "4": 2}
    assert Counter(row["drug_dose_g"] for row in first) == {"1.5": 47, "1": 5}
    assert Counter(row["stopped_early"] for row in first) == {"no": 41, "reflux": 5, "stasis": 4, "shunt": 2}
    days = [row["performed_on"] for row in sessions]
    assert min(days)[:7] == max(days)[:7].replace("2020", "2010") == "2010-03"


def test_adverse_events_have_the_counts_of_table_2(final: Final) -> None:
    events = list(final["adverse_events"].values())
    syndrome = Counter(r["procedure_id"][-1] for r in events if r["term"] == "post_embolization_syndrome")
    assert syndrome.total() == 99
    assert (syndrome["1"], syndrome["2"], syndrome["3"]) == (40, 28, 20)
    serious = [row for row in events if row["serious"] == "yes"]
    assert len({row["procedure_id"] for row in serious}) == 10
    assert Counter(row["term"] for row in serious) == {
        "pneumopathy": 2,
        "heart_failure": 2,
        "bowel_obstruction": 2,
        "ards": 1,
        "liver_abscess": 1,
        "death": 2,
    }


def test_liver_tests_before_and_after_the_first_session_are_there(final: Final) -> None:
    starts = first_sessions(final)
    seen: dict[str, set[str]] = {"baseline": set(), "day 1": set(), "day 5": set(), "month 2": set()}
    windows = {"baseline": (-6, 0), "day 1": (1, 2), "day 5": (4, 7), "month 2": (40, 90)}
    for row in final["results"].values():
        after = (date.fromisoformat(row["collected_at"][:10]) - date.fromisoformat(starts[row["patient_id"]])).days
        for name, (low, high) in windows.items():
            if row["test_code"] == "1920-8" and low <= after <= high:
                seen[name].add(row["patient_id"])
    assert {name: len(patients) for name, patients in seen.items()} == {
        "baseline": 52,
        "day 1": 51,
        "day 5": 49,
        "month 2": 38,
    }


def test_every_row_belongs_to_a_patient_an_exam_and_a_session_that_exist(final: Final) -> None:
    for rows in final.values():
        assert {row["patient_id"] for row in rows.values()} <= set(final["patients"])
    assert {row["exam_id"] for row in final["lesions"].values()} <= set(final["exams"])
    assert {row["procedure_id"] for row in final["adverse_events"].values()} - {""} <= set(final["procedures"])


def test_dates_of_every_patient_are_in_order(final: Final) -> None:
    starts = first_sessions(final)
    died = {row["patient_id"]: row["death_date"] for row in final["visits"].values() if row["death_date"]}
    for patient, row in final["patients"].items():
        liver = row["liver_metastases_date"] or row["diagnosis_date"]
        steps = [row["birth_date"], row["diagnosis_date"], liver, starts[patient]]
        assert steps == sorted(steps)
        assert starts[patient] > liver
    columns = {
        "results": "collected_at",
        "exams": "exam_date",
        "visits": "visit_date",
        "reports": "reported_on",
    }
    columns |= {"treatments": "started_on", "adverse_events": "onset_date", "procedures": "performed_on"}
    for feed, column in columns.items():
        for row in final[feed].values():
            patient = row["patient_id"]
            assert final["patients"][patient]["diagnosis_date"] <= row[column][:10], row
            assert row[column][:10] <= died.get(patient, last_night()), row
    for row in final["treatments"].values():
        assert not row["ended_on"] or row["started_on"] <= row["ended_on"]


def test_deaths_are_those_of_the_study(final: Final) -> None:
    dead = [row for row in final["visits"].values() if row["vital_status"] == "dead"]
    assert Counter(row["death_cause"] for row in dead) == {"tumour": 11, "treatment": 1, "other": 4}
    starts = first_sessions(final)
    (related,) = (row for row in dead if row["death_cause"] == "treatment")
    assert (date.fromisoformat(related["death_date"]) - date.fromisoformat(starts[related["patient_id"]])).days == 3


def test_nothing_that_stays_out_is_in_the_end(final: Final) -> None:
    out = {plant for plant in PLANTED if plant.fate in ("stays quarantined", "stays waiting", "cancelled")}
    assert not [plant for plant in out if plant.key in final[plant.feed]]
    assert len(final["patients"]) == 52


def test_measured_values_scatter_as_measurements_do(final: Final) -> None:
    """No clump of an enzyme at two months, no clotting the same on days 1 and 5, no sum for five exams."""
    starts = first_sessions(final)
    found: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for row in final["results"].values():
        after = (date.fromisoformat(row["collected_at"][:10]) - date.fromisoformat(starts[row["patient_id"]])).days
        found[row["test_code"], after][row["patient_id"]] = float(row["value"].lstrip("<"))
    clotting = [(found["5894-1", 1].get(patient), value) for patient, value in found["5894-1", 5].items()]
    assert sum(first == fifth for first, fifth in clotting) < len(clotting) / 4
    for code in ("1920-8", "1742-6"):
        values = Counter(v for after in range(40, 91) for v in found[code, after].values())
        assert max(values.values()) <= 5
    sums: dict[str, float] = defaultdict(float)
    for row in final["lesions"].values():
        if row["lesion_kind"] == "target" and row["viable_diameter_mm"]:
            sums[row["exam_id"]] += float(row["viable_diameter_mm"])
    exams = sorted(final["exams"].values(), key=lambda row: (row["patient_id"], row["exam_date"]))
    for five in zip(*(exams[n:] for n in range(5)), strict=False):
        seen = {sums[row["exam_id"]] for row in five}
        assert len(seen) > 1 or seen == {0} or len({row["patient_id"] for row in five}) > 1, five
