"""Liver tests around the first session: as many patients a grade as the study's Table 3 prints.

Those of month 2 are in people.csv.

A grade here only chooses the interval (in multiples of the upper limit) that a raw value is drawn from.
"""

from collections.abc import Sequence

from include.study.sample.cohort import cohort
from include.study.sample.draws import normal, shaped, stream

UPPER_LIMIT = {"AST": 35, "ALT": 45, "BILI": 16}
LIMITS = {"AST": (0.4, 1, 2.5, 5, 20, 32), "ALT": (0.3, 1, 2.5, 5, 20, 32), "BILI": (0.4, 1, 1.5, 3, 10, 12)}
MARGIN = 0.04
"""Share of a limit that values keep away from it, so that a change of unit cannot move them across."""

COUNTS: dict[tuple[str, str], tuple[int, ...]] = {
    ("AST", "day_1"): (0, 3, 3, 20, 25),
    ("AST", "day_5"): (0, 11, 10, 24, 4),
    ("ALT", "day_1"): (2, 8, 4, 19, 18),
    ("ALT", "day_5"): (3, 9, 7, 25, 5),
    ("BILI", "day_1"): (16, 20, 9, 6, 0),
    ("BILI", "day_5"): (16, 15, 13, 5, 0),
}

Values = dict[str, float]
"""Analyte to value, in U/L and umol/L."""


def baselines() -> list[Values]:
    """Liver tests before the first session, patient by patient: the least sensitive are the healthiest."""
    found: list[Values] = [{} for _ in cohort()]
    for analyte in UPPER_LIMIT:
        for value, i in zip(shaped(analyte), ranking(analyte, "baseline", range(52)), strict=True):
            found[i][analyte] = value
    return found


def around_first_session(timepoint: str, patients: Sequence[int]) -> dict[int, Values]:
    """Liver tests of the numbered patients at a time point; a shorter count leaves out the last patients."""
    found: dict[int, Values] = {i: {} for i in patients}
    for analyte, upper in UPPER_LIMIT.items():
        counts = COUNTS[analyte, timepoint]
        grades = [grade for grade, count in enumerate(counts) for _ in range(count)]
        order = ranking(analyte, timepoint, list(patients)[: len(grades)])
        for grade, i in zip(grades, order, strict=True):
            low, high = LIMITS[analyte][grade : grade + 2]
            share = stream("toxicity", analyte, timepoint, i).random()
            ratio = low * (1 + MARGIN) + (high * (1 - MARGIN) - low * (1 + MARGIN)) * share
            found[i][analyte] = ratio * upper
    return found


def ranking(analyte: str, timepoint: str, patients: Sequence[int]) -> list[int]:
    """Patients from the mildest to the strongest reaction: a trait of the patient and some chance."""
    weight = {
        i: normal(stream("sensitivity", i)) + 0.6 * normal(stream("sensitivity", i, analyte, timepoint))
        for i in patients
    }
    return sorted(patients, key=lambda i: weight[i])
