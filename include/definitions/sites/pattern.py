"""Where the files of an export lie: `labo/*_{date:%Y%m%d}_{part}.csv`, below the site's folder."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

WIDTHS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%j": 3, "%H": 2, "%M": 2, "%S": 2}
PIECE = re.compile(r"\{date(?::([^}]*))?\}|\{part\}|\*\*/|\*|\?|[^*?{]+|\{")


@dataclass(frozen=True)
class Pattern:
    """A pattern and how the day is written in it: `*` is any text without /, `**/` any folders, `?` one character.

    `{part}` is any text without /, too: what tells the parts of a full export apart.
    """

    path: re.Pattern[str]
    day: str

    @classmethod
    @cache
    def of(cls, text: str) -> "Pattern":
        """Raises ValueError when the text has no day, or one that cannot be read, or two parts."""
        days: list[str] = []
        path = "".join(_piece(found, days) for found in PIECE.finditer(text))
        if len(days) != 1:
            raise ValueError("has to name the day of the extract once: {date:%Y%m%d}")
        if text.count("{part}") > 1:
            raise ValueError("names {part} more than once")
        return cls(re.compile(path, re.IGNORECASE), days[0])

    def day_of(self, path: str) -> date | None:
        """The day that a path names; None when it does not fit."""
        if not (found := self.path.fullmatch(path)):
            return None
        try:
            return datetime.strptime(found["day"], self.day).date()
        except ValueError:
            return None

    def part_of(self, path: str) -> str:
        """Which part of the day's full export a path is; '' where the pattern names none, or does not fit."""
        found = self.path.fullmatch(path)
        return (found.groupdict().get("part") or "") if found else ""


def _piece(found: re.Match[str], days: list[str]) -> str:
    match found[0]:
        case "*":
            return "[^/]*"
        case "**/":
            return "(?:[^/]+/)*"
        case "?":
            return "[^/]"
        case "{part}":
            return "(?P<part>[^/]*?)"
        case text if text.startswith("{date"):
            days.append(found[1] or "%Y-%m-%d")
            return f"(?P<day>{_digits(days[-1])})" if len(days) == 1 else ""
        case text:
            return re.escape(text)


def _digits(day: str) -> str:
    known = re.sub("|".join(WIDTHS), "", day)
    if "%" in known or not {"%d", "%j"} & set(re.findall("%.", day)):
        raise ValueError(f"has a day that cannot be read: {day}; use %Y, %y, %m, %d, %j")
    parts = re.split("(%.)", day)
    return "".join(f"[0-9]{{{WIDTHS[part]}}}" if part in WIDTHS else re.escape(part) for part in parts)
