"""Errors and percentages of a sheet of .ods, which is XML: rows and cells that are alike stand there once, numbered."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from include.pipeline.formats.excel.elements import Reading
from include.pipeline.formats.excel.looks import MOST, Cells, percent

CONTENT = "content.xml"
CELL = ("table-cell", "covered-table-cell")


def cells(archive: zipfile.ZipFile, sheet: str) -> Cells:
    """What a sheet shows; raises ExpatError when the workbook is broken, and rows may be missing."""
    grid = _Grid(Reading(), sheet)
    for _ in grid.reading.blocks(archive, CONTENT):
        for rows, columns, text in grid.found:
            yield from ((row, column, text) for row in rows for column in columns)
        grid.found.clear()


@dataclass
class _Grid:
    """What has been found of a workbook that is read, and where reading is."""

    reading: Reading
    sheet: str
    found: list[tuple[range, range, str]] = field(default_factory=list)
    is_sheet: bool = False
    row: int = 0
    rows: int = 1
    column: int = 0
    columns: int = 1
    error: list[str] | None = None

    def __post_init__(self) -> None:
        self.reading.parser.StartElementHandler = self._begins
        self.reading.parser.EndElementHandler = self._ends
        self.reading.parser.CharacterDataHandler = self._says

    def _begins(self, tag: str, said: Mapping[str, str]) -> None:
        name = self.reading.names[tag]
        if name == "table":
            self.is_sheet = said.get("table:name") == self.sheet
        elif not self.is_sheet:
            return
        elif name == "table-row":
            self.rows, self.column = _repeated(said, "rows"), 0
        elif name in CELL:
            self.columns = _repeated(said, "columns")
            if said.get("calcext:value-type") == "error":
                self.error = []
            elif said.get("office:value-type") == "percentage":
                self._shows(percent(float(said["office:value"])))

    def _says(self, text: str) -> None:
        if self.error is not None:
            self.error.append(text)

    def _ends(self, tag: str) -> None:
        name = self.reading.names[tag]
        if name == "table":
            self.is_sheet = False
        elif not self.is_sheet:
            return
        elif name == "table-row":
            self.row += self.rows
        elif name == "annotation" and self.error is not None:
            self.error.clear()
        elif name in CELL:
            if self.error is not None:
                self._shows("".join(self.error))
                self.error = None
            self.column += self.columns

    def _shows(self, text: str) -> None:
        if text:
            rows = range(self.row + 1, self.row + self.rows + 1)
            self.found.append((rows, range(self.column + 1, self.column + self.columns + 1), text))


def _repeated(said: Mapping[str, str], what: str) -> int:
    return min(int(said.get(f"table:number-{what}-repeated") or 1), MOST)
