"""Code lists of a site: `<site>/<name>.csv`, each line a code of the site's and what the registry calls it."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

FEW = 300
"""Codes that are asked for one by one in less time than joined rows would take to be kept in order."""


@dataclass(frozen=True)
class Code:
    """A site's code; it holds from a day on (None = ever) until the day before another (None = for good).

    In the file a code without an end ends where the next of its name begins.
    """

    local: str
    standard: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True)
class CodeList:
    """The codes of a list; `table` is a name for it that changes with what it says."""

    codes: tuple[Code, ...]

    @cached_property
    def table(self) -> str:
        """Name of the temporary table that holds it."""
        said = "\n".join(f"{c.local}\t{c.standard}\t{c.valid_from}\t{c.valid_to}" for c in self.codes)
        return f"code_list_{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    @property
    def has_validity(self) -> bool:
        """Whether any code holds for some days only."""
        return any(code.valid_from or code.valid_to for code in self.codes)

    @property
    def is_short(self) -> bool:
        """Whether each code can be asked for by itself, whatever the day."""
        return len(self.codes) <= FEW and not self.has_validity
