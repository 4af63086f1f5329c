"""Laboratory results: before, on day 1 and day 5 of each session, at two months, and at each later exam."""

from collections.abc import Iterator
from datetime import timedelta

from include.study.sample.analytes import HABITS, LABORATORIES, Habit
from include.study.sample.chemistry import Level, followed, markers, second_panel
from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import deal, stream
from include.study.sample.imaging import pictures
from include.study.sample.people import people
from include.study.sample.rows import Row, number
from include.study.sample.toxicity import Values, around_first_session, baselines

WITHOUT_DAY_1 = 1
WITHOUT_DAY_5 = 2
LIVER_AGAIN_AFTER_DAYS = 95
"""From here on the routine panel has liver tests again: before, only the two-month sample has them."""
SMALLEST_MARKER = 20
"""Chromogranin A, ng/mL: below it the laboratory reports a censored value."""

Sample = tuple[int, Values]
"""Day after the first session, and the values of the sample in the usual units."""


def results() -> Iterator[Row]:
    """All results, patient by patient, numbered in the order of collection."""
    laboratories = deal(LABORATORIES, "laboratories")
    planned = first_session_samples()
    for i, patient in enumerate(cohort()):
        samples = sorted(
            [*planned[i], *later_samples(patient, planned[i][0][1], people()[i].chromogranin_after)],
            key=lambda sample: sample[0],
        )
        n = 0
        for on, values in samples:
            for analyte, value in values.items():
                n += 1
                habit = HABITS[laboratories[i]][analyte]
                yield result(patient, f"L-{patient.course.number}-{n:04d}", on, habit, value)


def first_session_samples() -> list[list[Sample]]:
    """The samples of Table 3 for each patient; the first one is the baseline."""
    patients = cohort()
    known = baselines()
    alive = [i for i, patient in enumerate(patients) if patient.course.follow_up_days > 7]
    stream("missing").shuffle(alive)
    early = [i for i in range(52) if i not in alive[:WITHOUT_DAY_1]]
    plan = {"day_1": (1, early), "day_5": (5, alive[WITHOUT_DAY_5:])}
    samples: list[list[Sample]] = []
    for i in range(len(patients)):
        before = -stream("baseline", i).randint(1, 6)
        samples.append([(before, {**known[i], **second_panel(i, 0), **markers(i)})])
    for timepoint, (on, chosen) in plan.items():
        for i, liver in around_first_session(timepoint, chosen).items():
            samples[i].append((on, {**liver, **second_panel(i, on)}))
    for i, person in enumerate(people()):
        if person.month_2:
            shift = stream("shift", "month_2", i).randint(-2, 2)
            samples[i].append((60 + shift, {**person.month_2, **second_panel(i, 60)}))
    return samples


def later_samples(patient: Patient, baseline: Values, chromogranin: float | None) -> Iterator[Sample]:
    """Samples of the later sessions and of the exams after the first cycle; the first of these has this marker."""
    course = patient.course
    for session in course.sessions[1:]:
        for shift, level in ((-1, Level.REST), (1, Level.PEAK), (5, Level.FALLING)):
            if session + shift <= course.follow_up_days:
                yield session + shift, followed(patient, baseline, session + shift, level, liver=True)
    for shot in pictures(patient):
        if shot.day > course.first_cycle_end and not any(abs(shot.day - session) < 7 for session in course.sessions):
            liver = shot.day > LIVER_AGAIN_AFTER_DAYS
            values = followed(patient, baseline, shot.day, Level.REST, liver, shot.ratio)
            if chromogranin is not None:
                values["CGA"], chromogranin = chromogranin, None
            yield shot.day, values


def result(patient: Patient, key: str, on: int, habit: Habit, value: float) -> Row:
    """One result as its laboratory writes it."""
    rng = stream("result", key)
    collected = patient.course.first_session + timedelta(days=on)
    text = number(value * habit.factor, habit.digits)
    if habit.name == "Chromogranin A" and value < SMALLEST_MARKER:
        text = f"<{SMALLEST_MARKER}"
    zone = "+01:00" if habit.unit.startswith("mg") else ""
    return {
        "result_id": key,
        "patient_id": patient.course.patient_id,
        "collected_at": f"{collected.isoformat()}T{rng.randint(6, 9):02d}:{rng.randint(0, 59):02d}{zone}",
        "test_code": habit.code,
        "test_name": habit.name,
        "value": text,
        "unit": habit.unit,
        "reference_low": habit.low,
        "reference_high": habit.high,
        "status": "final",
    }
