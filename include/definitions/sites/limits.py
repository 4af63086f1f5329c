"""Reference limits of a site's laboratory: `<site>/<name>.csv`, for results that come without an upper limit."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Limit:
    """Limits of a test (LOINC) in a unit, for a sex ('' = any) and an age in completed years, from the first up to
    the second, on the days from `valid_from` on and before `valid_to`. One of the two may be missing. `line_number`
    is its place in the list, from 1 on.
    """

    line_number: int
    test_code: str
    sex: str
    age_from: int
    age_to: int
    unit: str
    low: float | None
    high: float | None
    valid_from: date
    valid_to: date
    decided_by: str
    source: str

    def overlaps(self, other: "Limit") -> bool:
        """Whether both could be of one sample."""
        return (
            self.test_code == other.test_code
            and (self.sex == other.sex or "" in (self.sex, other.sex))
            and max(self.age_from, other.age_from) < min(self.age_to, other.age_to)
            and max(self.valid_from, other.valid_from) < min(self.valid_to, other.valid_to)
        )
