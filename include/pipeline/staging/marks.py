"""The marks of a CSV file: what stands between its cells, and what is put around them."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Marks:
    """One character each; without a quote no cell is quoted. A quote within a quoted cell is doubled.

    `ignored` are regular expressions of lines that are no rows.
    """

    delimiter: str = ","
    quote: str = '"'
    ignored: tuple[str, ...] = ()

    @cached_property
    def cell(self) -> re.Pattern[str]:
        """A cell: its first group is what is quoted, its second what is bare; spaces beside quotes do not count."""
        bare = rf"([^{re.escape(self.delimiter)}\r\n]*+)"
        if not self.quote:
            return re.compile(f"(?!)()|{bare}")
        return re.compile(rf" *{re.escape(self.quote)}{self._rest}|(?! *{re.escape(self.quote)}){bare}")

    @cached_property
    def rest(self) -> re.Pattern[str]:
        """What is left of a quoted cell."""
        return re.compile(self._rest)

    @property
    def _rest(self) -> str:
        quote = re.escape(self.quote)
        inside = rf"[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+"
        return rf"({inside}){quote} *+(?=[{re.escape(self.delimiter)}\r\n]|\Z)"

    def ignored_in(self, line: str) -> re.Match[str] | None:
        """What makes a line one that is expected and no row."""
        return next(filter(None, (re.search(one, line) for one in self.ignored)), None)

    def has_quote(self, line: str) -> bool:
        """Whether any cell of a line may be quoted."""
        return bool(self.quote) and self.quote in line

    def leaves_open(self, line: str, *, inside: bool = False) -> bool:
        """Whether the cell at the end of a line goes on in the next one; `inside` one that goes on, it begins."""
        if not self.has_quote(line):
            return inside
        place = 0
        pattern = self.rest if inside else self.cell
        while found := pattern.match(line, place):
            place = found.end() + 1
            pattern = self.cell
            if line[found.end() : place] != self.delimiter:
                return False
        begun = line[place:] if pattern is self.rest else line[place:].lstrip(" ").removeprefix(self.quote)
        return self.quote not in begun.replace(self.quote * 2, "")

    def text(self, cell: re.Match[str]) -> str:
        """What a cell says."""
        quoted, bare = cell.groups()
        return str(bare if quoted is None else quoted.replace(self.quote * 2, self.quote))


COMMAS = Marks()
"""Those of an extract as the contract wants it."""
