"""The course of each patient, read from plan.csv: one line a patient, invented; days after the first session.

session_days: sessions of a cycle joined by a space, cycles by `|`. response_exam_days: the exam after each
cycle. progression_days: exams that show the liver progressing. last_exam_day: the last exam of all (blank: the last of
these). first_response, final_response: the mRECIST course that the lesions' diameters are drawn for (blank: no
exam); never written to an extract.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

PLAN = Path(__file__).with_name("plan.csv")


@dataclass(frozen=True)
class Course:
    """What happens to one patient; days after the first session."""

    patient_id: str
    first_session: date
    cycles: tuple[tuple[int, ...], ...]
    response_days: tuple[int, ...]
    progression_days: tuple[int, ...]
    extrahepatic_day: int | None
    last_exam_day: int | None
    first_response: str
    final_response: str
    follow_up_days: int
    death_cause: str

    @property
    def sessions(self) -> tuple[int, ...]:
        """The days of all sessions, in order."""
        return tuple(day for cycle in self.cycles for day in cycle)

    @property
    def first_cycle_end(self) -> int:
        """The day of the last session of the first cycle."""
        return self.cycles[0][-1]

    @property
    def number(self) -> str:
        """The digits of the pseudonym, which lead every key of the patient's rows."""
        return self.patient_id.removeprefix("SYN-")


def days(text: str) -> tuple[int, ...]:
    """Days written with spaces between."""
    return tuple(int(word) for word in text.split())


@cache
def courses() -> tuple[Course, ...]:
    """All patients' courses, in the order of their pseudonyms."""
    with PLAN.open(newline="", encoding="utf-8") as lines:
        return tuple(course(line) for line in csv.DictReader(lines))


def course(line: dict[str, str]) -> Course:
    """One line of plan.csv."""
    return Course(
        patient_id=line["patient_id"],
        first_session=date.fromisoformat(line["first_session"]),
        cycles=tuple(days(cycle) for cycle in line["session_days"].split("|")),
        response_days=days(line["response_exam_days"]),
        progression_days=days(line["progression_days"]),
        extrahepatic_day=int(line["extrahepatic_progression_day"] or 0) or None,
        last_exam_day=int(line["last_exam_day"] or 0) or None,
        first_response=line["first_response"],
        final_response=line["final_response"],
        follow_up_days=int(line["follow_up_days"]),
        death_cause=line["death_cause"],
    )
