"""A site's profile as its file has it. Every scalar of the file is text: 007 stays 007, and yes stays yes."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from include.definitions import contracts
from include.definitions.sites.pattern import Pattern

FormatName = Literal[
    "csv", "excel", "xpt", "dataset_json", "parquet", "hl7v2", "fhir_ndjson", "fhir_bundle", "dicom_sr"
]


class Strict(BaseModel):
    """Refuses keys that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


ONE_OR_MORE = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


def _several(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


Decimal = Literal[".", ",", ",."]
"""The decimal sign of texts."""
EITHER: Decimal = ",."
"""Both decimal signs, in one file: neither stands between thousands."""


def _year(given: int) -> int:
    if not 1901 <= given <= 1999:
        raise ValueError("is no year from 1901 to 1999")
    return given


Year = Annotated[int, AfterValidator(_year)]
Scalar = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A text, which YAML may show an editor as something else."""
Names = Annotated[list[str], BeforeValidator(_several), WithJsonSchema(ONE_OR_MORE)]
"""A name, or several."""


def _constant(given: Any) -> Any:
    """A text alone is the unit itself."""
    return {"value": given} if isinstance(given, str) else given


def _in_order(given: list[int]) -> list[int]:
    if given != [0] and (given != sorted(set(given)) or given[:1] < [1]):
        raise ValueError("is 0 (no names), or rows from 1 on in their order")
    return given


HeaderRow = Annotated[
    list[int],
    BeforeValidator(lambda given: given if isinstance(given, list) else [given]),
    AfterValidator(_in_order),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]}),
]
"""The row of names, or several; 0 where there is none."""


class Shortened(Strict):
    """A text or a list alone is its key `short`."""

    short: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, given: Any) -> Any:
        return {cls.short: given} if isinstance(given, str | list) else given

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        """What an editor is told: the short ways of writing it, too."""
        return {"anyOf": [*ONE_OR_MORE["anyOf"], handler.resolve_ref_schema(handler(schema))]}


class Origin(Shortened):
    """Where a text comes from.

    One of: `from` (a column or path of the file, several are joined), `first` (the first that is not empty), `value` (a
    constant). Then `match` keeps what the first group of a regular expression takes, and `map` puts other words in the
    place of the site's.
    """

    short = "from"

    from_: Names = Field(default=[], alias="from")
    first: Names = []
    value: Scalar | None = None
    join: str = " "
    match: str | None = None
    map: dict[str, Scalar] = {}

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        given = [name for name, is_given in self.origins.items() if is_given]
        if len(given) != 1:
            raise ValueError(f"needs one of {', '.join(self.origins)}")
        return self

    @property
    def origins(self) -> dict[str, bool]:
        """The keys that say where it comes from, and whether each is given."""
        return {"from": bool(self.from_), "first": bool(self.first), "value": self.value is not None}

    @property
    def sources(self) -> list[str]:
        """The columns or paths of the file that it is taken from."""
        return [*self.from_, *self.first]


class Column(Origin):
    """Where a column of the contract comes from.

    Beside what every origin has: `first_readable` (the first column that can be read as the contract's type). `unit`
    is the unit that a number without one is in, `comparator` goes before a number that has none. `codes` puts the
    contract's words in the place of the site's by a list, `default` fills what is empty. `decimal` and `group` are
    those of a column whose numbers are written otherwise than the dialect says.
    """

    first_readable: Names = []
    unit: Annotated[Origin, BeforeValidator(_constant)] | None = None
    comparator: Origin | None = None
    codes: str | None = None
    default: Scalar | None = None
    optional: bool = False
    decimal: Decimal | None = None
    group: str | None = None

    @property
    def origins(self) -> dict[str, bool]:
        """The keys that say where it comes from, and whether each is given."""
        return {**super().origins, "first_readable": bool(self.first_readable)}

    @property
    def sources(self) -> list[str]:
        """The columns or paths of the file that it is taken from."""
        return [*super().sources, *self.first_readable]

    @property
    def beside(self) -> dict[str, Origin]:
        """What is taken from the file beside its text, by the key that says so."""
        return {key: one for key in ("unit", "comparator") if (one := getattr(self, key))}

    @property
    def read(self) -> list[str]:
        """All columns or paths of the file that it needs."""
        return [*self.sources, *(name for one in self.beside.values() for name in one.sources)]


def _expressions(given: list[str]) -> list[str]:
    for one in given:
        try:
            is_usable = re.compile(one).groups <= 1 and not re.search(one, "")
        except re.error:
            is_usable = False
        if not is_usable:
            raise ValueError("has no regular expression, one with several groups, or one that fits an empty line")
    return given


class Dialect(Strict):
    """How a file is written. `ignored_lines` are regular expressions of lines of text that are no rows, such as totals;
    a group takes how many rows the file says that it has. Columns of XPT go by `names` or labels.
    """

    delimiter: str | None = None
    quote: str = '"'
    encoding: str | None = None
    decimal: Decimal = "."
    group: str = ""
    header_row: HeaderRow = [1]
    sheet: Scalar | None = None
    missing: list[Scalar] = [""]
    ignored_lines: Annotated[Names, AfterValidator(_expressions)] = []
    names: Literal["name", "label"] = "name"


class Dates(Strict):
    """Formats of dates and times as strftime writes them, tried in turn; without any, ISO 8601.

    `language` is that of the months' names. Years of two digits are of the hundred years from `first_year` on.
    """

    date: Names = []
    timestamp: Names = []
    language: Literal["en", "fr", "de", "es", "it", "nl", "pt"] = "en"
    first_year: Year = 1969


class Texts(Shortened):
    """The texts that a cell may have: some words, or what a regular expression matches anywhere."""

    short = "words"

    words: Names = []
    match: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.words) == (self.match is not None):
            raise ValueError("needs either words or match")
        return self


class Unpivot(Strict):
    """Columns that become rows of their own: their name in the column `name`, their cell in the column `value`.

    `also` makes further columns: for each of `columns`, in order, the one whose cell belongs to it, or "" for none.
    """

    columns: list[str] = Field(min_length=1)
    name: str
    value: str
    also: dict[str, list[str]] = {}

    @model_validator(mode="after")
    def _one_for_each(self) -> Self:
        if any(len(columns) != len(self.columns) for columns in self.also.values()):
            raise ValueError("also has not one column for each of columns")
        return self

    @property
    def needed(self) -> list[str]:
        """The columns of the file that it reads."""
        return [*self.columns, *(column for columns in self.also.values() for column in columns if column)]


class Pivot(Strict):
    """Rows that agree in the columns `by` become one: the cell in `value` of each is in a column of its text in `name`.

    `columns` are the texts that become columns; rows with another text there are none of the feed's. `unit` is a column
    whose text goes behind the cell: each row has its own.
    """

    by: list[str] = Field(min_length=1)
    columns: list[str] = Field(min_length=1)
    name: str
    value: str
    unit: str | None = None

    @property
    def needed(self) -> list[str]:
        """The columns or paths of the file that it needs."""
        return [*self.by, self.name, self.value, *([self.unit] if self.unit else [])]


class RowsOf(Strict):
    """Which rows of a file are a feed's; `each` is a segment or element, of FHIR one or several types."""

    each: Annotated[str | list[str], WithJsonSchema(ONE_OR_MORE)] = ""
    where: dict[str, Texts] = {}
    unless: dict[str, Texts] = {}
    unpivot: Unpivot | None = None
    pivot: Pivot | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.unpivot and self.pivot:
            raise ValueError("has both unpivot and pivot")
        return self

    @property
    def made(self) -> set[str]:
        """The columns that the file does not have and that are made of it."""
        turned = {self.unpivot.name, self.unpivot.value, *self.unpivot.also} if self.unpivot else set()
        return turned | set(self.pivot.columns if self.pivot else ())

    @property
    def needed(self) -> list[str]:
        """The columns or paths of the file that the choice of rows needs."""
        wide = self.unpivot.needed if self.unpivot else []
        long = self.pivot.needed if self.pivot else []
        return [*wide, *long, *self.where, *self.unless]


class Taken(Strict):
    """What one feed takes of a file."""

    columns: dict[str, Column] = {}
    rows: RowsOf = RowsOf()

    @property
    def named(self) -> list[str]:
        """The columns or paths of the file that it names."""
        read = [name for column in self.columns.values() for name in column.read if name not in self.rows.made]
        return list(dict.fromkeys([*read, *self.rows.needed]))


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


class Site(Strict):
    """A hospital; `patients` says how it names patients: by ids of its own (local) or by the registry's pseudonyms.

    `limits` is a list of its laboratory's reference limits, for results that come without.
    """

    site: str
    patients: Literal["local", "registry"]
    timezone: str | None = None
    limits: str | None = None
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
