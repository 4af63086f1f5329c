"""What fields say, as the contracts write it: times as ISO 8601, numbers with their comparator, ranges, codes."""

import re
from dataclasses import dataclass
from datetime import date

from include.pipeline.formats.cells import joined
from include.pipeline.formats.hl7v2.grammar import words
from include.pipeline.formats.hl7v2.marks import NULL, Marks
from include.pipeline.formats.quantities import code_in_words, converted

NUMBER = r"[-+]?(?:\d+(?:[.,]\d+)*|[.,]\d+)(?:[eE][-+]?\d+)?"
COMPARATOR = "<=|>=|=<|=>|<|>|≤|≥"
TIME = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)([.,]\d+)?)?)?)?)?)?(?:([+-]\d\d)(\d\d))?")
COMPARED = re.compile(rf"({COMPARATOR})\s*(?=[\d.,+-])")
LOOKS_NUMERIC = re.compile(rf"\s*(?:{COMPARATOR})?\s*{NUMBER}(?:\s|%|$)")
BETWEEN = re.compile(rf"[\[(]?\s*({NUMBER})\s*(?:-|–|—|−|\.\.+|:|;|à|to|bis|a)\s*({NUMBER})\s*[\])]?")
BOUND = re.compile(rf"({COMPARATOR})\s*({NUMBER})")
FROM = re.compile(rf"({NUMBER})\s*-")
UP_TO = re.compile(rf"-\s+({NUMBER})")
POWER_OF_TEN = re.compile(r"(?:[x*X]\s*)?10")
POWER = re.compile(r"[-+]?\d+(?:\s*/.*)?")
TURNED = {"=<": "<=", "=>": ">="}


@dataclass(frozen=True)
class Coding:
    """The codes of a field of type CE or CWE, of which each of two or three codings may be LOINC."""

    loinc: str
    local: str
    name: str

    @property
    def code(self) -> str:
        """The code: LOINC where there is one."""
        return self.loinc or self.local or self.name

    @property
    def lasting(self) -> str:
        """The code that a key has: it stays when LOINC is put beside it later."""
        return self.local or self.loinc or self.name


def coding(marks: Marks, raw: str) -> Coding:
    """The codes of a field; LOINC is told by the third, sixth or twelfth component."""
    found = marks.components(raw, 12)
    triples = [found[0:3], found[3:6], found[9:12]]
    is_loinc = [system.upper() in words()["loinc"] for _, _, system in triples]
    loinc = next((one[0] for one, known in zip(triples, is_loinc, strict=True) if known), "")
    local = next((one[0] for one, known in zip(triples, is_loinc, strict=True) if one[0] and not known), "")
    return Coding(loinc, local, found[1] or found[4] or found[8])


def iso(text: str) -> str:
    """A time of HL7 as ISO 8601, as exactly as it is written; what is none stays as it is."""
    if len(text) in (12, 14) and text.isascii() and text.isdecimal():
        seconds = f":{text[12:]}" if len(text) == 14 else ""
        return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}{seconds}"
    found = TIME.fullmatch(text.strip())
    if found is None:
        return text
    year, month, day, hour, minute, second, fraction, zone, zone_minute = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    seconds = f":{second}{(fraction or '').replace(',', '.')}" if second else ""
    offset = f"{zone}:{zone_minute}" if zone else ""
    return f"{date}T{hour}:{minute or '00'}{seconds}{offset}"


def is_day(text: str) -> bool:
    """Whether a text is a day, a month or a year of ISO 8601."""
    try:
        date.fromisoformat(text + "0001-01-01"[len(text) :])
    except ValueError:
        return False
    return len(text) in (4, 7, 10)


def compared(text: str) -> str:
    """A number with its comparator before it, without a blank between."""
    found = COMPARED.match(text)
    return TURNED.get(found[1], found[1]) + text[found.end() :] if found else text


def limits_of(text: str) -> tuple[str, str]:
    """The lower and upper limit of a range; a text that is none is the upper one, where it is told as unreadable."""
    if found := BETWEEN.fullmatch(text):
        return found[1], found[2]
    if found := BOUND.fullmatch(text):
        limit = TURNED.get(found[1], found[1]) + found[2]
        return ("", limit) if limit[0] in "<≤" else (limit, "")
    if found := FROM.fullmatch(text):
        return found[1], ""
    if found := UP_TO.fullmatch(text):
        return "", found[1]
    return "", f"range {text}" if text else ""


def unit(marks: Marks, raw: str) -> str:
    """OBX-6: UCUM where there is one; `10^9/L` whose power was not escaped is put together again."""
    found = marks.components(raw, 6)
    for code, system in ((found[0], found[2]), (found[3], found[5])):
        if code and system.upper() in words()["ucum"]:
            return code
    if POWER_OF_TEN.fullmatch(found[0]) and POWER.fullmatch(found[1]):
        return f"{found[0]}^{found[1]}"
    return found[0] or found[1] or found[3] or found[4]


def measured(wanted: str, marks: Marks, kind: str, raw: str, given: str) -> str:
    """The number of an OBX in a unit, by what OBX-6 says; in another kind of unit it keeps that behind it."""
    in_file = unit(marks, given)
    return joined(converted(number(marks, kind, one), in_file, wanted) or "" for one in raw.split(marks.repetition))


def value(marks: Marks, kind: str, raw: str) -> str:
    """OBX-5 of a type: a number with its comparator, a code, a time, a text; nothing of a file or of a name.

    Lines of a text come as lines, other repetitions joined by +.
    """
    known = words()
    if marks.repetition in raw and kind not in known["texts"]:
        return joined(value(marks, kind, one) for one in raw.split(marks.repetition))
    if raw == NULL or kind in known["personal"]["types"]:
        return ""
    if kind == "SN":
        return structured(marks, raw)
    if kind in known["coded"]:
        found = marks.components(raw, 9)
        return found[0] or found[1] or found[3] or found[4] or found[8]
    if kind in known["times_typed"]:
        return iso(marks.component_of(raw))
    if kind == "CQ":
        return marks.component_of(raw)
    if kind in known["texts"]:
        return compared("\n".join(marks.text(line) for line in raw.split(marks.repetition)))
    return compared(marks.text(raw))


def number(marks: Marks, kind: str, raw: str) -> str:
    """The same where a number is asked: a code is none, whatever it looks like."""
    if kind not in words()["coded"]:
        return value(marks, kind, raw)
    coded = [marks.components(one, 4) for one in raw.split(marks.repetition)]
    is_code = any(found[0] or (found[3] and not found[1]) for found in coded)
    return code_in_words(value(marks, kind, raw)) if is_code else value(marks, kind, raw)


def structured(marks: Marks, raw: str) -> str:
    """A structured number (SN): comparator, number, separator, number."""
    comparator, first, separator, second = marks.components(raw, 4)[:4]
    return compared(f"{'' if comparator == '=' else comparator}{first}{separator}{second}")


def status(place: str, text: str) -> str:
    """The contracts' word for a status; a text that is none of the format's stays as it is."""
    return str(words()["statuses"][place].get(text, text))
