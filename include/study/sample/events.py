"""Adverse events with the counts of the study's Table 2 and its text."""

from collections.abc import Iterator

from include.study.sample.cohort import Patient, cohort
from include.study.sample.draws import deal, stream
from include.study.sample.rows import Row, day
from include.study.sample.sessions import procedure_key

SYNDROME = {1: 40, 2: 28, 3: 20, 4: 11}
"""Sessions with a post-embolization syndrome by their number in the patient (4: fourth and later)."""
SERIOUS = {
    "pneumopathy": (2, 3),
    "heart_failure": (2, 3),
    "bowel_obstruction": (2, 3),
    "ards": (1, 4),
    "liver_abscess": (1, 3),
}
"""Serious events: sessions, CTCAE grade; with two deaths they make ten."""
DEATH_WITHIN_DAYS = 30

Event = tuple[int, str, str, int, str]
"""Onset day, key of the session or blank, term, CTCAE grade, serious."""


def adverse_events() -> Iterator[Row]:
    """All events, patient by patient, numbered in the order of onset."""
    syndrome, serious = sessions_with_syndrome(), serious_sessions()
    for patient in cohort():
        course = patient.course
        events: list[Event] = []
        for n, on in enumerate(course.sessions, 1):
            key = procedure_key(patient, n)
            rng = stream("event", key)
            if key in syndrome:
                events.append((on + rng.randint(0, 1), key, "post_embolization_syndrome", rng.choice((1, 2, 2)), "no"))
            if key in serious:
                term, grade = serious[key]
                events.append((on + rng.randint(1, 12), key, term, grade, "yes"))
        events += [*death_after_session(patient), *biliary_necrosis(patient)]
        for n, (on, key, term, grade, is_serious) in enumerate(sorted(events), 1):
            yield {
                "event_id": f"A-{course.number}-{n}",
                "patient_id": course.patient_id,
                "procedure_id": key,
                "onset_date": day(course.first_session, on),
                "term": term,
                "ctcae_grade": str(grade),
                "serious": is_serious,
                "status": "final",
            }


def sessions_with_syndrome() -> set[str]:
    """Keys of the 99 sessions that a post-embolization syndrome followed."""
    chosen: set[str] = set()
    for group, count in SYNDROME.items():
        keys = [
            procedure_key(patient, n)
            for patient in cohort()
            for n in range(1, len(patient.course.sessions) + 1)
            if min(n, 4) == group
        ]
        dealt = deal({True: count, False: len(keys) - count}, "syndrome", group)
        chosen |= {key for key, has in zip(keys, dealt, strict=True) if has}
    return chosen


def serious_sessions() -> dict[str, tuple[str, int]]:
    """Keys of the eight sessions with a serious event that was survived, with term and grade."""
    keys = [
        procedure_key(patient, n)
        for patient in cohort()
        for n, on in enumerate(patient.course.sessions, 1)
        if on + DEATH_WITHIN_DAYS < patient.course.follow_up_days
    ]
    stream("serious").shuffle(keys)
    events = [(term, grade) for term, (count, grade) in SERIOUS.items() for _ in range(count)]
    return dict(zip(keys, events, strict=False))


def death_after_session(patient: Patient) -> Iterator[Event]:
    """A death within 30 days of a session, as an event of that session."""
    course = patient.course
    if course.death_cause and course.follow_up_days - course.sessions[-1] <= DEATH_WITHIN_DAYS:
        key = procedure_key(patient, len(course.sessions))
        yield course.follow_up_days, key, "death", 5, "yes"


def biliary_necrosis(patient: Patient) -> Iterator[Event]:
    """Necrosis of bile ducts in the two patients with radionuclide therapy before; outside Table 2's ten."""
    if "prrt" in patient.previous:
        on = min(patient.course.first_cycle_end + 75, patient.course.follow_up_days)
        yield on, "", "biliary_necrosis", 3, "no"
