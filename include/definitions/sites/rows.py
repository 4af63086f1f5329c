"""Which rows of a file are a feed's, and what the feed takes of them."""

from collections.abc import Collection
from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator

from include.definitions.sites.columns import Column
from include.definitions.sites.strict import ONE_OR_MORE, Names, Shortened, Strict


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
    A file may lack those of `columns` that are `optional`, and what stands beside them.
    """

    columns: list[str] = Field(min_length=1)
    name: str
    value: str
    also: dict[str, list[str]] = {}
    optional: Names = []

    @model_validator(mode="after")
    def _one_for_each(self) -> Self:
        if any(len(columns) != len(self.columns) for columns in self.also.values()):
            raise ValueError("also has not one column for each of columns")
        if not set(self.optional) <= set(self.columns):
            raise ValueError("optional names what is not in columns")
        return self

    @property
    def needed(self) -> list[str]:
        """The columns of the file that it reads."""
        return self._beside(self.columns)

    @property
    def required(self) -> list[str]:
        """Those of them without which a file is held."""
        return self._beside([column for column in self.columns if column not in self.optional])

    def _beside(self, wide: Collection[str]) -> list[str]:
        of_each = zip(self.columns, *self.also.values(), strict=True)
        return [column for columns in of_each if columns[0] in wide for column in columns if column]


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
        return [*(self.unpivot.needed if self.unpivot else []), *self._asked]

    @property
    def required(self) -> list[str]:
        """Those of them without which a file is held."""
        return [*(self.unpivot.required if self.unpivot else []), *self._asked]

    @property
    def _asked(self) -> list[str]:
        return [*(self.pivot.needed if self.pivot else []), *self.where, *self.unless]


class Taken(Strict):
    """What one feed takes of a file."""

    columns: dict[str, Column] = {}
    rows: RowsOf = RowsOf()

    @property
    def named(self) -> list[str]:
        """The columns or paths of the file that it names."""
        read = [name for column in self.columns.values() for name in column.read if name not in self.rows.made]
        return list(dict.fromkeys([*read, *self.rows.needed]))
