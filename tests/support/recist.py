"""The registry's rules of time points, response and time to event in plain Python, written from their text.

Days count from the first procedure. A course has exams in order of day and id, each with lesions as rows of the feed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Lesion = dict[str, Any]
Responses = list["Response"]
TARGETS = {"mrecist": 2, "recist_1_1": 5}
DIAMETER = {"mrecist": "viable_diameter_mm", "recist_1_1": "longest_diameter_mm"}
BEST = ["CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE"]
WINDOW, GAP, STABLE, CONFIRMED = 14, 183, 42, 28


@dataclass(frozen=True)
class Exam:
    """One exam and what it shows."""

    day: int
    name: str
    lesions: list[Lesion]


@dataclass(frozen=True)
class Course:
    """A patient: days of sessions, exams, the last contact (or death), and of a new anticancer treatment."""

    sessions: list[int]
    exams: list[Exam]
    end: int
    dead: bool
    treated: int | None


@dataclass(frozen=True)
class Response:
    """The overall response of a time point; `progressed` is the day of the exam from which on a progression stands."""

    exams: str
    first: int
    last: int
    overall: str
    progressed: int | None

    @property
    def day(self) -> int:
        """A response has the day of the last exam, anything else that is no progression of the first."""
        if self.progressed is not None:
            return self.progressed
        return self.last if self.overall in ("CR", "PR") else self.first


def time_points(course: Course) -> list[list[Exam]]:
    """Exams up to 14 days after the first one are one assessment, unless a session parts them."""
    found: list[list[Exam]] = []
    for exam in course.exams:
        first = found[-1][0].day if found else None
        parted = first is None or exam.day - first > WINDOW or any(first <= day < exam.day for day in course.sessions)
        found = [*found, [exam]] if parted else [*found[:-1], [*found[-1], exam]]
    return found


def _is_known(row: Lesion) -> bool:
    sized = any(row.get(column) is not None for column in DIAMETER.values())
    return row["assessment"] == "absent" or (
        row["assessment"] != "not_evaluable" and (row["lesion_kind"] != "target" or sized)
    )


def _read(exams: Sequence[Exam]) -> dict[str, Lesion]:
    """The last reading of each lesion, one that could be evaluated before one that could not."""
    found: dict[str, Lesion] = {}
    for row in (row for exam in exams for row in exam.lesions):
        before = found.get(row["lesion_id"])
        if before is None or _is_known(row) or not _is_known(before):
            found[row["lesion_id"]] = row
    return found


@dataclass
class Reading:
    """One reader's course by one rule set, of all lesions or of those of the liver."""

    criteria: str
    baseline: dict[str, Lesion]
    seen_before: set[str]
    counts: Callable[[Lesion], bool]
    targets: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    start: Fraction | None = None
    nadir: Fraction | None = None
    had_complete_response: bool = False

    def __post_init__(self) -> None:
        labelled = [name for name, row in self.baseline.items() if row["lesion_kind"] == "target"]
        labelled.sort(key=lambda name: (-(self.size(self.baseline[name]) or -1), name))
        chosen = labelled[: TARGETS[self.criteria]]
        counted = [name for name, row in self.baseline.items() if self.counts(row)]
        self.targets = [name for name in chosen if name in counted]
        self.others = [name for name in counted if name not in chosen]
        self.start = self.nadir = self.total(self.baseline) if self.is_complete(self.baseline) else None

    def size(self, row: Lesion | None) -> Fraction | None:
        """Null where it is not measured."""
        if row is None or row["assessment"] == "not_evaluable":
            return None
        size = row.get(DIAMETER[self.criteria], 0 if row["assessment"] == "absent" else None)
        return None if size is None else Fraction(size)

    def is_complete(self, read: dict[str, Lesion]) -> bool:
        """Whether every target is measured."""
        return all(self.size(read.get(name)) is not None for name in self.targets)

    def total(self, read: dict[str, Lesion]) -> Fraction:
        """The sum of what is measured."""
        return sum((self.size(read.get(name)) or Fraction(0) for name in self.targets), Fraction(0))

    def is_gone(self, row: Lesion) -> bool:
        """Absent, without a size, or a node of normal size."""
        size = self.size(row)
        is_node = self.criteria == "recist_1_1" and row["lymph_node"] == "yes"
        return row["assessment"] == "absent" or size == 0 or (is_node and size is not None and size < 10)

    def is_there(self, row: Lesion) -> bool:
        """Seen without doubt; a node only from 10 mm on."""
        small = row["lymph_node"] == "yes" and row.get("longest_diameter_mm", 10) < 10
        return row["assessment"] in ("present", "unequivocal_progression") and not self.is_gone(row) and not small

    def of_targets(self, read: dict[str, Lesion]) -> str | None:
        """Response of the targets."""
        if not self.targets:
            return None
        total, complete = self.total(read), self.is_complete(read)
        if complete and all(self.is_gone(read[name]) for name in self.targets):
            return "CR"
        if self.nadir is not None and self.has_grown(total - self.nadir, self.nadir):
            return "PD"
        if not complete or self.start is None:
            return "NE"
        return "PR" if total <= Fraction(7, 10) * self.start else "SD"

    def has_grown(self, rise: Fraction, nadir: Fraction) -> bool:
        """By a fifth of the nadir, and by 5 mm under RECIST 1.1."""
        return rise > 0 and rise >= nadir / 5 and (self.criteria == "mrecist" or rise >= 5)

    def of_others(self, rows: Sequence[Lesion | None]) -> str | None:
        """Response of the non-targets."""
        if any(row and row["assessment"] == "unequivocal_progression" for row in rows):
            return "PD"
        if not rows:
            return None
        if any(row is None or not _is_known(row) for row in rows):
            return "NE"
        return "CR" if all(row and self.is_gone(row) for row in rows) else "NON_CR_NON_PD"

    def overall(self, exams: Sequence[Exam]) -> str:
        """The overall response as these exams of a time point have it."""
        read = {name: row for name, row in _read(exams).items() if self.counts(row)}
        unknown = {name: row for name, row in read.items() if name not in self.baseline}
        fresh = [
            name
            for name, row in unknown.items()
            if row["lesion_kind"] == "new" or (self.seen_before and name not in self.seen_before and self.is_there(row))
        ]
        others = [*map(read.get, self.others), *(row for name, row in unknown.items() if name not in fresh)]
        target, other = self.of_targets(read), self.of_others(others)
        is_new = any(read[name]["assessment"] in ("present", "unequivocal_progression") for name in fresh)
        is_back = self.had_complete_response and any(map(self.is_there, read.values()))
        if is_new or is_back or "PD" in (target, other):
            return "PD"
        if not self.seen_before:
            return "NE"
        if target is None:
            return other or "NE"
        return "PR" if target == "CR" and other in ("NON_CR_NON_PD", "NE") else target

    def judge(self, exams: list[Exam]) -> Response:
        """The response of a time point, which the next ones are held against."""
        states = [self.overall(exams[:number]) for number in range(1, len(exams) + 1)]
        stands = len(states) - next((n for n, state in enumerate(reversed(states)) if state != "PD"), len(states))
        progressed = exams[stands].day if states[-1] == "PD" else None
        self.had_complete_response |= states[-1] == "CR"
        read = _read(exams)
        if self.targets and self.is_complete(read):
            total = self.total(read)
            self.nadir = total if self.nadir is None else min(self.nadir, total)
        names = "+".join(exam.name for exam in exams)
        return Response(names, exams[0].day, exams[-1].day, states[-1], progressed)


def is_of_liver(row: Lesion) -> bool:
    """Nodes are not, wherever they are."""
    return row["organ"] == "liver" and row["lymph_node"] != "yes"


def responses(course: Course, criteria: str, counts: Callable[[Lesion], bool] = bool) -> Responses:
    """The responses after the first procedure, against the last time point before it at which a lesion was read."""
    points = time_points(course)
    before = [exams for exams in points if exams[0].day <= 0 and any(exam.lesions for exam in exams)]
    last = _read(before[-1]) if before else {}
    seen = {row["lesion_id"] for exams in before for exam in exams for row in exam.lesions}
    reading = Reading(criteria, last, seen, counts)
    return [reading.judge(exams) for exams in points if exams[0].day > 0]


def best(course: Course, found: Responses, *, confirmed: bool) -> tuple[str, int | None]:
    """Best response and the first day of a CR or PR, up to the first progression and a new treatment."""
    counted = list(_before_end(course, found))
    scored = [(_credited(counted[place:], confirmed=confirmed), response.day) for place, response in enumerate(counted)]
    word = min((word for word, _ in scored), key=BEST.index, default="NE")
    days = [day for word, day in scored if word in ("CR", "PR")]
    return word, min(days, default=None)


def _before_end(course: Course, found: Responses) -> Iterator[Response]:
    for response in found:
        if course.treated is not None and response.day > course.treated:
            return
        yield response
        if response.overall == "PD":
            return


def _credited(following: Responses, *, confirmed: bool) -> str:
    word, day = following[0].overall, following[0].day
    if word in ("CR", "PR") and confirmed and not _is_confirmed(following):
        word = "SD"
    return "NE" if word in ("SD", "NON_CR_NON_PD") and day < STABLE else word


def _is_confirmed(following: Responses) -> bool:
    """Again at least 28 days later, at most one NE between: a CR by a CR, a PR by either."""
    again = ("CR",) if following[0].overall == "CR" else ("CR", "PR")
    skipped = 0
    for response in following[1:]:
        skipped += response.overall == "NE"
        if skipped > 1 or response.overall not in (*again, "NE"):
            return False
        if response.overall in again and response.day - following[0].day >= CONFIRMED:
            return True
    return False


def study_time(course: Course, found: Responses) -> tuple[int, bool]:
    """Days to progression alone, else to the last exam."""
    progressed = [r.progressed for r in found if r.progressed is not None]
    return (progressed[0], True) if progressed else (max(0, course.exams[-1].day), False)


def fda_time(course: Course, found: Responses, start: int = 0) -> tuple[int, bool]:
    """Days from the start to progression or death, cut at a gap of exams and a new treatment."""
    progressed = [r.progressed for r in found if r.progressed is not None and r.progressed > start]
    ends = [*progressed, *([course.end] if course.dead else [])]
    event = min(ends, default=None)
    days = {day for r in found if r.overall != "NE" for day in (r.first, r.last) if day >= start}
    seen = [start, *sorted(day for day in days if event is None or day < event)]
    for day, following in zip(seen, [*seen[1:], event], strict=True):
        treated = course.treated is not None and course.treated >= day
        if treated and (following is None or (course.treated or 0) < following):
            return day - start, False
        if following is None or following - day > GAP:
            return day - start, False
    return (event or start) - start, True
