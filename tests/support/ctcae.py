"""CTCAE's printed limits in plain Python: the least and the greatest grade of a number of which something is unknown.

The texts are NCI's of v3.0, v4.03, v5.0 and v6.0, written apart from `include/reference/toxicity_limit`.
"""

import itertools
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

TINY, HUGE, NEAR = Fraction(1, 10**12), Fraction(10**12), Fraction(1, 10**14)
COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
LIMIT = re.compile(r"([<>]=?)([\d.]*)([ULB]?)(?:\+(\d+))?")


@dataclass(frozen=True)
class Term:
    """What an edition prints of grades 1 to 4, `U`, `L` and `B` being the limits of normal and the baseline.

    `high`, `low`: where the baseline is beyond its own limits; `before`: up to the baseline; `perhaps`: limits under a
    condition that no laboratory knows.
    """

    normal: str
    high: str = ""
    low: str = ""
    before: str = ""
    perhaps: str = "-; -; -; -"


@dataclass(frozen=True)
class Range:
    """The values that a number can have."""

    low: Fraction
    high: Fraction


ANY = Range(TINY, HUGE)
TRANSAMINASE = {
    "v3": Term(">U; >2.5U; >5U; >20U"),
    "v4": Term(">U; >3U; >5U; >20U"),
    "v5": Term(">U; >3U; >5U; >20U", high=">=1.5B; >3B; >5B; >20B"),
    "v6": Term(">U; >3U; >5U; >20U", high=">=B; >1.5B; >2B; >4B"),
}
BILIRUBIN, ENZYME = ">U; >1.5U; >3U; >10U", ">U; >2.5U; >5U; >20U"
CREATININE = ">U; >1.5U; >3U; >6U"
INR_5 = Term(">1.2; >1.5; >2.5; -", perhaps=">B; >1.5B; >2.5B; -")
FASTING = ">U; >8.9; >13.9; >27.8"
GLUCOSE_5 = Term(">U and >B; -; -; -", before=">U; -; -; -", perhaps="-; -; -; >U")
GLUCOSE_ANY = Term("-; -; >13.9; >27.8", perhaps=FASTING)
EDITIONS = ("v3", "v4", "v5", "v6")
TERMS: dict[tuple[str, str], dict[str, Term]] = {
    ("AST", "Aspartate aminotransferase increased"): TRANSAMINASE,
    ("ALT", "Alanine aminotransferase increased"): TRANSAMINASE,
    ("BILI", "Blood bilirubin increased"): {
        "v3": Term(BILIRUBIN),
        "v4": Term(BILIRUBIN),
        "v5": Term(BILIRUBIN, high=">B; >1.5B; >3B; >10B"),
        "v6": Term(BILIRUBIN, high=">=B; >1.5B; >2.5B; >10B"),
    },
    ("ALP", "Alkaline phosphatase increased"): {
        "v3": Term(ENZYME),
        "v4": Term(ENZYME),
        "v5": Term(ENZYME, high=">=2B; >2.5B; >5B; >20B"),
        "v6": Term(">U and >B; -; -; -", before=">U; -; -; -"),
    },
    ("GGT", "GGT increased"): {
        "v3": Term(ENZYME),
        "v4": Term(ENZYME),
        "v5": Term(ENZYME, high=">2B; >2.5B; >5B; >20B"),
        "v6": Term(ENZYME, high=">=B; >1.5B; >3B; >10B"),
    },
    ("CREA", "Creatinine increased"): {
        "v3": Term(CREATININE),
        "v4": Term(">U or >B; >1.5U or >1.5B; >3U or >3B; >6U", before=CREATININE),
        "v5": Term(">U; >1.5U or >1.5B; >3U or >3B; >6U", before=CREATININE),
        "v6": Term(CREATININE, low=">U; >1.5B; >3B; >6U"),
    },
    ("PLT", "Platelet count decreased"): {
        **dict.fromkeys(EDITIONS, Term("<L; <75; <50; <25")),
        "v6": Term("<L; <75; <50; <10"),
    },
    ("ALB", "Hypoalbuminemia"): dict.fromkeys(EDITIONS, Term("<L; <30; <20; -")),
    ("INR", "INR increased"): {
        "v3": Term(">U; >1.5U; >2U; -"),
        "v4": Term(">U; >1.5U; >2.5U; -", perhaps=">B; >1.5B; >2.5B; -"),
        "v5": INR_5,
        "v6": INR_5,
    },
    ("HGB", "Anemia"): {
        **dict.fromkeys(EDITIONS, Term("<L; <100; <80; -")),
        "v3": Term("<L; <100; <80; <65"),
    },
    ("HGB", "Hemoglobin increased"): {
        **dict.fromkeys(EDITIONS[1:], Term(">U; >U+20; >U+40; -")),
        "v4": Term(">U; >U+20; >U+40; -", high=">B; >B+20; >B+40; -"),
    },
    ("NEUT", "Neutrophil count decreased"): {
        **dict.fromkeys(EDITIONS, Term("<L; <1.5; <1; <0.5")),
        "v6": Term("<1.5; <1; <0.5; <0.1"),
    },
    ("WBC", "White blood cell decreased"): dict.fromkeys(EDITIONS, Term("<L; <3; <2; <1")),
    ("WBC", "Leukocytosis"): dict.fromkeys(EDITIONS[1:], Term("-; -; >100; -")),
    ("SODIUM", "Hypernatremia"): dict.fromkeys(EDITIONS, Term(">U; >150; >155; >160")),
    ("SODIUM", "Hyponatremia"): {
        **dict.fromkeys(EDITIONS, Term("<L; -; <130; <120")),
        "v5": Term("<L; -; <=129; <120"),
    },
    ("POTASSIUM", "Hyperkalemia"): dict.fromkeys(EDITIONS, Term(">U; >5.5; >6; >7")),
    ("POTASSIUM", "Hypokalemia"): {
        **dict.fromkeys(EDITIONS, Term("-; <L; <3; <2.5")),
        "v3": Term("<L; -; <3; <2.5"),
    },
    ("GLUCOSE", "Hypoglycemia"): dict.fromkeys(EDITIONS, Term("<L; <3; <2.2; <1.7")),
    ("GLUCOSE_FASTING", "Hypoglycemia"): dict.fromkeys(EDITIONS, Term("<L; <3; <2.2; <1.7")),
    ("GLUCOSE_FASTING", "Hyperglycemia"): {**dict.fromkeys(EDITIONS, Term(FASTING)), "v5": GLUCOSE_5},
    ("GLUCOSE", "Hyperglycemia"): {
        "v3": Term("-; -; -; -", perhaps=FASTING),
        "v4": GLUCOSE_ANY,
        "v5": GLUCOSE_5,
        "v6": GLUCOSE_ANY,
    },
}
"""Of a grade that rests on symptoms (potassium, sodium) the worse one, as pharmaverse/admiral grades."""


@dataclass(frozen=True)
class Baseline:
    """What is known of a baseline: its values, and its own limits of normal."""

    value: Range
    lower: Fraction | None
    upper: Fraction | None

    def states(self) -> Iterator[tuple[str, Range]]:
        """What it may be, beyond its limits or none of that, and the values that it then has."""
        low, high, lower, upper = self.value.low, self.value.high, self.lower, self.upper
        if high > (upper or TINY) and high >= (lower or TINY):
            yield "high", Range(max(low, upper * (1 + NEAR)) if upper else low, high)
        if low < (lower or HUGE) and low <= (upper or HUGE):
            yield "low", Range(low, min(high, lower * (1 - NEAR)) if lower else high)
        if low <= (upper or HUGE) and high >= (lower or TINY):
            yield "normal", self.value


@dataclass(frozen=True)
class Known:
    """What is known of a result: its values, its limits of normal, and the baseline, if it comes after one."""

    value: Range
    lower: Fraction | None
    upper: Fraction | None
    base: Baseline | None
    is_after: bool


def grades(term: Term, of: Known) -> tuple[int | None, int | None]:
    """The least and the greatest grade; null where a limit of normal is missing and decides whether there is one.

    Without the limit of normal no multiple of the baseline alone is used, as pharmaverse/admiral has it.
    """
    base = of.base if of.is_after else None
    states = base.states() if base else [("normal", ANY)]
    rules = [(_rule(term, state, of), values) for state, values in states]
    needed = "".join([term.normal, term.perhaps, *(rule for rule, _ in rules)])
    missing = ("U" in needed and not of.upper) or ("L" in needed and not of.lower)
    found = [grade for rule, values in rules for grade in _possible(term, rule, of, values, missing)]
    least, most = min(found), max(found)
    return (None, None) if missing and least == 0 < most else (least, most)


def _possible(term: Term, rule: str, of: Known, base: Range, missing: bool) -> Iterator[int]:
    own = {base.low, base.high} if not missing or " and " in rule else {TINY, HUGE}
    uppers, lowers = ({limit} if limit else {TINY, HUGE} for limit in (of.upper, of.lower))
    for value, upper, lower, baseline in itertools.product({of.value.low, of.value.high}, uppers, lowers, own):
        limits = {"U": upper, "L": lower, "B": baseline, "": Fraction(1)}
        yield _grade(rule, value, limits)
        if of.is_after or "B" not in term.perhaps:
            yield max(_grade(rule, value, limits), _grade(term.perhaps, value, {**limits, "B": base.low}))


def _rule(term: Term, state: str, of: Known) -> str:
    own = {"high": term.high, "low": term.low}.get(state) if of.is_after else term.before
    return own or term.normal


def _grade(text: str, value: Fraction, limits: dict[str, Fraction]) -> int:
    printed = enumerate(text.split("; "), 1)
    return max((grade for grade, limit in printed if limit != "-" and _is_passed(limit, value, limits)), default=0)


def _is_passed(text: str, value: Fraction, limits: dict[str, Fraction]) -> bool:
    if " and " in text:
        return all(_is_passed(part, value, limits) for part in text.split(" and "))
    if " or " in text:
        return any(_is_passed(part, value, limits) for part in text.split(" or "))
    found = LIMIT.fullmatch(text)
    assert found
    sign, times, of, plus = found.groups()
    return COMPARED[sign](value, Fraction(times or "1") * limits[of] + Fraction(plus or "0"))
