"""How the reader's language writes numbers and days, and what it says for what data and rules say."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from include.people.languages.reasons import retold
from include.people.languages.texts import rules_in, said, texts, words
from include.study.figures.wording import p_value as printed

ITEM = "completeness_"
"""What the indicators of single key items begin with."""
DECIMAL = re.compile(r"\b(\d+)\.(\d+)\b")
"""A number with decimals; the version of a standard (v5.0) is none."""
spoken: ContextVar[str] = ContextVar("spoken")
"""The language of the page that is being filled."""


def written(show: Callable[..., str]) -> Callable[..., str]:
    """A number as the reader's language writes it, of one as English does."""

    def shown(*values: Any) -> str:
        signs = {",": _said("all.thousands"), ".": _said("all.point")}
        return "".join(signs.get(letter, letter) for letter in show(*values))

    return shown


def day(value: date | str | None) -> str:
    """A day as 7 Nov 2020, in the order of the reader's language; it may be written as 2020-11-07."""
    if value is None:
        return "–"
    if isinstance(value, str):
        value = date.fromisoformat(value)
    month = _said("all.months").split()[value.month - 1]
    return _said("all.date").format(day=value.day, month=month, year=value.year)


def moment(value: datetime | None) -> str:
    """A moment as 7 Nov 2020, 12:00 UTC."""
    return "–" if value is None else f"{day(value)}, {value:%H:%M} UTC"


def p_value(value: float | None) -> str:
    """A p value as the charts print it: 0.29, 0.027, < 0.001."""
    return printed(value).removeprefix("p ").removeprefix("= ") or "–"


def word(value: str | None, kind: str) -> str | None:
    """What data say in English or as a code, in the reader's language; one that no list has as it is."""
    return None if value is None else said(spoken.get(), value, kind)


def definition(english: str) -> str:
    """How a number is defined, sentence by sentence in the reader's language."""
    return _by_sentence(english, "definition")


def of_paper(english: str, *kinds: str) -> str:
    """Numbers as a paper prints them, or why they are others, in the reader's language."""
    return DECIMAL.sub(rf"\1{_said('all.point')}\2", _by_sentence(english, *kinds))


def _by_sentence(english: str, *kinds: str) -> str:
    end = "." if english.endswith(".") else ""
    sentences = english.removesuffix(".").split(". ")
    return ". ".join(said(spoken.get(), sentence, *kinds) for sentence in sentences) + end


def in_chart(english: str) -> str:
    """A word of a chart, in the reader's language."""
    return said(spoken.get(), english, "chart", "stratum", "stratification")


def held_for(english: str) -> str:
    """Why a file is held, in the reader's language."""
    return said(spoken.get(), english, "held", "feed")


def reason(kept: str | None) -> str | None:
    """Why a row waits or somebody decided, in the reader's language."""
    return kept and why(said(spoken.get(), kept, "reason"))


def why(kept: str) -> str:
    """A reason of the list in the reader's language; words of a person's own are as they were."""
    return retold(spoken.get(), kept)


def named(english: str, code: str, kind: str) -> str:
    """What a code means, in the reader's language."""
    return words()[kind].get(code, {}).get(spoken.get(), english)


def refused(english: str) -> str:
    """Why something is not possible, as an error says it; in other languages what its code asks for."""
    code = english[:7]
    known = words()["code"].get(code, {}).get(spoken.get())
    return f"{code}{_said('all.colon')} {known}" if known else english


def asks(english: str | None, rule_id: str) -> str:
    """What a rule asks for, in the reader's language."""
    return _of_rule(rule_id, english, 0)


def remedy(english: str | None, rule_id: str) -> str:
    """What to do about a row that fails a rule, in the reader's language."""
    return _of_rule(rule_id, english, 1)


def _of_rule(rule_id: str, english: str | None, place: int) -> str:
    known = rules_in(spoken.get())
    column, _, kind = rule_id.partition(".")[2].partition(".")
    said = known.get("rules", {}).get(rule_id) or known.get("kinds", {}).get(kind)
    return said[place].format(column=column) if said else english or ""


def left_out(reasons: str | None) -> str:
    """Why something leaves no row; `unknown_rows: labs` says of which kind it is."""
    told = [reason.partition(":") for reason in (reasons or "").split(", ") if reason]
    return ", ".join(f"{word(code, 'left_out')}{colon}{kind}" for code, colon, kind in told)


def state(name: str | None) -> str:
    """A state of a row or file, in the reader's language."""
    key = f"state.{name}"
    return _said(key) if key in texts() else name or "–"


def indicator(name: str) -> str:
    """An indicator of a month, as the headline names it."""
    what, _, month = name.rpartition(" ")
    code = what.replace(" ", "_")
    item = code.removeprefix(ITEM)
    if item == code:
        return f"{word(code, 'indicator')} ({month})"
    return f"{word(item, 'item')} ({word('completeness', 'indicator')}, {month})"


def placed(name: str) -> str:
    """A department or feed as the headline names it: behind its site, before its number."""
    site, slash, told = name.rpartition("/")
    what, blank, number = told.partition(" ")
    return f"{site}{slash}{said(spoken.get(), what, 'feed', 'department')}{blank}{number}"


def _said(key: str) -> str:
    return texts()[key][spoken.get()]
