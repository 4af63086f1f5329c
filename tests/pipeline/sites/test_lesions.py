"""Rows find those of their own site: lesions their exam and their baseline, adverse events their procedure."""

import pytest

from include.pipeline.derivation import derive_touched
from tests.pipeline.sites.conftest import Profile
from tests.pipeline.sites.sending import LATER, NIGHT, SITES, keys, send
from tests.support.extracts import row
from tests.support.registry import Registry


def test_lesions_of_two_sites_that_have_one_number_are_two(registry: Registry, profile: Profile) -> None:
    registry.send("patients", NIGHT, row("patients"))
    for site in SITES:
        profile(site, "registry")
        send(registry, site, "exams", NIGHT, row("exams"))
        send(registry, site, "lesions", NIGHT, row("lesions"))
    registry.load()

    assert keys(registry, "lesions", "lesion_id, patient_id") == [("north:L1", "P1"), ("south:L1", "P1")]


@pytest.mark.parametrize(("site", "found"), [("north", (True, "PD")), ("south", (False, "NE"))])
def test_a_lesion_is_new_only_where_its_own_site_has_a_baseline(
    registry: Registry, profile: Profile, site: str, found: tuple[bool, str]
) -> None:
    for feed in ("patients", "procedures"):
        registry.send(feed, NIGHT, row(feed))
    for of in SITES:
        profile(of, "registry")
    send(registry, "north", "exams", NIGHT, row("exams"))
    sizes = {"longest_diameter_mm": "20", "viable_diameter_mm": "20"}
    send(registry, "north", "lesions", NIGHT, row("lesions", **sizes))
    send(registry, site, "exams", LATER, row("exams", "E2", exam_date="2012-04-01"))
    send(registry, site, "lesions", LATER, row("lesions", "M2", exam_id="E2", lesion_id="L2", **sizes))
    registry.load()
    derive_touched(registry.warehouse)

    asked = "SELECT DISTINCT new_lesion, response FROM derived.exam_response WHERE region = 'all'"
    assert registry.rows(asked) == [found]
    told = "SELECT COUNT(*) FROM quarantine.failure WHERE rule_id = 'lesions.lesion_kind.unlabelled_new'"
    assert registry.rows(told) == [(int(found[0]),)]


@pytest.mark.parametrize(("lesions", "stage"), [(("L1",), ("M1", "IV")), (("L1", "L2"), ("M1c", "IVB"))])
def test_a_metastasis_that_two_sites_read_is_one(
    registry: Registry, profile: Profile, lesions: tuple[str, ...], stage: tuple[str, str]
) -> None:
    found = {"liver_metastases_timing": "synchronous", "cm": "M1b"}
    registry.send("patients", NIGHT, row("patients", **found))
    registry.send("procedures", NIGHT, row("procedures"))
    registry.send("reports", NIGHT, row("reports", primary_site="C34.9"))
    for site in SITES:
        profile(site, "registry")
        send(registry, site, "exams", NIGHT, row("exams"))
        sizes = {"longest_diameter_mm": "20", "viable_diameter_mm": "20"}
        send(registry, site, "lesions", NIGHT, *(row("lesions", f"M{one}", lesion_id=one, **sizes) for one in lesions))
    registry.load()
    derive_touched(registry.warehouse)

    assert registry.rows("SELECT m, stage FROM derived.tumour_stage") == [stage]


COURSES = {
    "north": {"2011-12-20": (30, 20), "2012-04-01": (15, 10), "2012-07-01": (16, 10)},
    "south": {"2011-12-27": (31, 21), "2012-04-05": (50, 30)},
}
"""Sizes of the same two metastases by exam; each site has its own numbers for them."""


@pytest.mark.parametrize("patients", ["local", "registry"])
def test_a_person_whom_two_sites_follow_has_the_sums_of_one(
    registry: Registry, profile: Profile, patients: str
) -> None:
    for site, course in COURSES.items():
        profile(site, patients)
        read = [row("exams", f"E{day}", exam_date=day) for day in course]
        sizes = [(day, f"L{place}", str(size)) for day, found in course.items() for place, size in enumerate(found)]
        send(registry, site, "exams", NIGHT, *read)
        send(
            registry,
            site,
            "lesions",
            NIGHT,
            *(
                row(
                    "lesions",
                    f"{day} {of}",
                    exam_id=f"E{day}",
                    lesion_id=of,
                    longest_diameter_mm=mm,
                    viable_diameter_mm=mm,
                )
                for day, of, mm in sizes
            ),
        )
        send(registry, site, "patients", NIGHT, row("patients"))
    send(registry, "north", "procedures", NIGHT, row("procedures"))
    if patients == "local":
        registry.send("merges", NIGHT, row("merges", merged_patient_id="south:P1", surviving_patient_id="north:P1"))
    registry.load()
    derive_touched(registry.warehouse)

    told = (
        "SELECT baseline_sum_mm, sum_mm, response, exam_ids FROM derived.timepoint_response WHERE criteria = 'mrecist'"
    )
    assert registry.rows(f"{told} ORDER BY timepoint_date") == [
        (50, 25, "PR", "north:E2012-04-01+south:E2012-04-05"),
        (50, 26, "PR", "north:E2012-07-01"),
    ]
    assert registry.rows("SELECT target_1_mm, target_2_mm, target_sum_mm FROM derived.baseline_imaging") == [
        (31, 21, 52)
    ]


@pytest.mark.parametrize("patients", ["local", "registry"])
def test_rows_find_those_of_the_same_site(registry: Registry, profile: Profile, patients: str) -> None:
    for site, day in zip(SITES, ("2011-12-20", "2011-12-27"), strict=True):
        profile(site, patients)
        send(registry, site, "patients", NIGHT, row("patients"))
        send(registry, site, "exams", NIGHT, row("exams", exam_date=day))
        send(registry, site, "lesions", NIGHT, row("lesions", longest_diameter_mm="20"))
        send(registry, site, "procedures", NIGHT, row("procedures"))
        send(
            registry,
            site,
            "adverse_events",
            NIGHT,
            row("adverse_events", procedure_id="S1"),
            row("adverse_events", "A2"),
        )
    registry.load()

    patient = {site: f"{site}:P1" if patients == "local" else "P1" for site in SITES}
    found = registry.rows(
        "SELECT l.measurement_id, l.lesion_id, l.patient_id, CAST(e.exam_date AS TEXT) FROM clinical.lesions AS l "
        "INNER JOIN clinical.exams AS e ON l.exam_id = e.exam_id AND l.patient_id = e.patient_id ORDER BY 1"
    )
    assert found == [
        ("north:M1", "north:L1", patient["north"], "2011-12-20"),
        ("south:M1", "south:L1", patient["south"], "2011-12-27"),
    ]
    assert keys(registry, "adverse_events", "event_id, procedure_id") == [
        ("north:A1", "north:S1"),
        ("north:A2", None),
        ("south:A1", "south:S1"),
        ("south:A2", None),
    ]
