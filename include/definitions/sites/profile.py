"""A site's profile as its file has it."""

import re
from datetime import date
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from include.definitions import contracts
from include.definitions.sites.columns import Column
from include.definitions.sites.dialect import Dates, Dialect
from include.definitions.sites.pattern import Pattern
from include.definitions.sites.rows import RowsOf, Taken
from include.definitions.sites.strict import ONE_OR_MORE, Names, Strict

FormatName = Literal[
    "csv", "excel", "xpt", "dataset_json", "parquet", "hl7v2", "fhir_ndjson", "fhir_bundle", "dicom_sr"
]


def _or_a_list(schema: dict[str, Any]) -> None:
    """Feeds may be a list where each takes the usual columns."""
    said = dict(schema)
    schema.clear()
    schema["anyOf"] = [said, ONE_OR_MORE["anyOf"][1]]


class Export(Strict):
    """A file, or many of one kind, that the site sends."""

    name: str = ""
    feed: str | None = None
    feeds: dict[str, Taken] = Field(default={}, json_schema_extra=_or_a_list)
    files: str | None = None
    format: FormatName = "csv"
    kind: Literal["changes", "full"] = "changes"
    dialect: Dialect = Dialect()
    dates: Dates = Dates()
    personal: list[str] = []
    ignored: list[str] = []
    ignored_rows: dict[str, Names] = {}
    columns: dict[str, Column] = {}
    rows: RowsOf = RowsOf()

    @field_validator("feeds", mode="before")
    @classmethod
    def _named(cls, given: Any) -> Any:
        """A list of feeds takes the usual columns of each."""
        return {name: {} for name in given} if isinstance(given, list) else given

    @field_validator("files")
    @classmethod
    def _pattern(cls, given: str | None) -> str | None:
        if given is not None:
            Pattern.of(given)
        return given

    @model_validator(mode="after")
    def _feeds(self) -> "Export":
        if (self.feed is None) == (not self.feeds):
            raise ValueError("needs either feed or feeds")
        if self.feeds and (self.columns or self.rows != RowsOf()):
            raise ValueError("has feeds: columns and rows belong below each of them")
        if unknown := sorted(set(self.taken) - set(contracts.FEEDS)):
            raise ValueError(f"has unknown feeds: {', '.join(unknown)}")
        return self

    @property
    def taken(self) -> dict[str, Taken]:
        """What each feed takes."""
        return {self.feed: Taken(columns=self.columns, rows=self.rows)} if self.feed else self.feeds

    @property
    def title(self) -> str:
        """What tells the export from the site's others, for ever."""
        return self.name or "+".join(self.taken)

    def day_of(self, path: str) -> date | None:
        """The day of the extract at a path below the site's folder; None when it is none of this export's."""
        return Pattern.of(self.files).day_of(path) if self.files else None

    def part_of(self, path: str) -> str:
        """Which part of its day's full export a path below the site's folder is; '' = the whole."""
        return Pattern.of(self.files).part_of(path) if self.files else ""


class ChangedColumn(Strict):
    """A column of a feed that the site fills otherwise from a day's extract on, as somebody confirmed."""

    feed: str
    column: str
    valid_from: date
    decided_by: str = Field(min_length=1)

    @field_validator("valid_from", mode="before")
    @classmethod
    def _day(cls, given: Any) -> Any:
        if isinstance(given, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
            raise ValueError("is not a date YYYY-MM-DD")
        return given


class Site(Strict):
    """A hospital; `patients` says how it names patients: by ids of its own (local) or by the registry's pseudonyms.

    `limits` is a list of its laboratory's reference limits, for results that come without. `changed_columns` says from
    which day on the coverage of a column is compared anew.
    """

    site: str
    patients: Literal["local", "registry"]
    timezone: str | None = None
    limits: str | None = None
    changed_columns: list[ChangedColumn] = []
    exports: list[Export] = []

    @field_validator("timezone")
    @classmethod
    def _zone(cls, given: str | None) -> str | None:
        if given and given not in available_timezones():
            raise ValueError("is no time zone such as Europe/Paris")
        return given

    @model_validator(mode="after")
    def _told_apart(self) -> "Site":
        titles = [export.title for export in self.exports]
        if twice := sorted({title for title in titles if titles.count(title) > 1}):
            raise ValueError(f"has several exports {', '.join(twice)}: give each a name")
        return self

    def of_same_files(self, export: Export) -> list[Export]:
        """The exports that read the same files, of a workbook the same sheet; in the profile's order."""
        if export.files is None:
            return [export]
        place = (export.files, export.dialect.sheet)
        return [one for one in self.exports if (one.files, one.dialect.sheet) == place]

    def personal_beside(self, export: Export, path: str) -> set[str]:
        """What other exports that take a file call personal, but for what this one reads of another sheet."""
        read = {name for taken in export.taken.values() for name in taken.named}
        found: set[str] = set()
        for one in self.exports:
            if one is not export and one.files and (one.files == export.files or one.day_of(path)):
                found |= {*one.personal} - (set() if one.dialect.sheet == export.dialect.sheet else read)
        return found

    def export(self, title: str) -> Export | None:
        """The export of a title."""
        return next((export for export in self.exports if export.title == title), None)
