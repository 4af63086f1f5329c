"""The pieces of SQL that are different for each feed: its columns, its key, what a row says."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from include.basics.templates import Names
from include.definitions.contracts import Contract, Field, KeyItem, read
from include.definitions.expectations import Rule, overridable, own_rules

KNOWN = {"year": 4, "month": 7, "day": 10}
"""How much of an ISO date of a precision was written."""


@dataclass(frozen=True)
class FeedSql:
    """What the statements of `include/sql/receiving` and `include/sql/resolving` need of a feed.

    A row is read from an alias. In what is staged the text of a typed column stands beside it, so that a value that
    cannot be read counts as it was written; in `received.<feed>` it is gone.
    """

    contract: Contract
    is_duckdb: bool

    @property
    def name(self) -> str:
        """The feed."""
        return self.contract.feed

    @property
    def source(self) -> str:
        """The department that sends it."""
        return self.contract.source

    @property
    def json_object(self) -> str:
        """The engine's function that makes a JSON object of names and values."""
        return "JSON_OBJECT" if self.is_duckdb else "JSON_BUILD_OBJECT"

    @property
    def key(self) -> str:
        """The key's column, quoted."""
        return f'"{self.contract.key}"'

    @property
    def announces(self) -> bool:
        """Whether its rows announce patients: the key is the patient then."""
        return self.contract.key == "patient_id"

    @property
    def of_patients(self) -> bool:
        """Whether each row is a patient's; it has a column `patient_id` then."""
        return self.contract.of_patients

    @property
    def waits(self) -> bool:
        """Whether its rows wait until their patient is announced."""
        return self.of_patients and not self.announces

    @property
    def stored(self) -> list[str]:
        """The columns of `received.<feed>` that come from the file."""
        beside = (name for field in self.contract.fields for name, _, _ in field.beside)
        return [*self.contract.names, *beside]

    @property
    def typed(self) -> list[str]:
        """The columns whose text is kept beside them while they are staged."""
        return [field.name for field in self._typed]

    @property
    def optional(self) -> list[str]:
        """The columns that may be empty."""
        return [field.name for field in self.contract.fields if not field.required]

    @property
    def measured(self) -> list[str]:
        """The columns that hold a measured value as text, its number beside it."""
        return [field.name for field in self.contract.fields if field.type == "measured"]

    def columns(self, alias: str = "") -> str:
        """The stored columns, comma-separated."""
        dot = f"{alias}." if alias else ""
        return ", ".join(f'{dot}"{name}"' for name in self.stored)

    def patient(self, alias: str) -> str:
        """Whose the row is, as it was sent; null where rows are no patient's."""
        return f"{alias}.patient_id" if self.of_patients else "CAST(NULL AS TEXT)"

    def content(self, alias: str) -> str:
        """MD5 of what a staged row says."""
        return self._content(lambda name: self._as_read(alias, name))

    def stored_content(self, alias: str) -> str:
        """The same of a row of `received.<feed>`, which holds it where it cannot be told from the columns."""
        return f"COALESCE({alias}.content, {self._content(lambda name: self._as_stored(alias, name))})"

    def payload(self, alias: str) -> str:
        """A staged row as it came, as a JSON text."""
        typed = set(self.typed)
        return self._json((name, f'{alias}."{name}{"_text" if name in typed else ""}"') for name in self.contract.names)

    def stored_payload(self, alias: str) -> str:
        """A row of `received.<feed>` as a JSON text: as it came if that is kept, else as it is stored."""
        written = {field.name: _written(field, alias) for field in self._typed}
        told = ((name, written.get(name, f'{alias}."{name}"')) for name in self.contract.names)
        return f"COALESCE({alias}.payload, {self._json(told)})"

    def items(self, alias: str, cells: Sequence[str] = (), aside: str = "") -> str:
        """One character for each key item of a stored row: 1 = has it, 0 = is to have it, - = is not to have it.

        Of the columns `cells` those that `aside` lists are set aside: the row does not have them.
        """
        read = {name: f'{alias}."{name}"' for name in self.contract.names}
        for name in cells:
            read[name] = unless_aside(read[name], name, aside)
        return " || ".join(_item(item, read) for item in self.contract.key_items) or "''"

    def watched(self, alias: str, cells: Sequence[str], aside: str) -> dict[str, str]:
        """The columns of which it is counted what they say; null where the cell is set aside or no number."""
        found = {}
        for field in (*self.contract.coded, *self.contract.numeric):
            value = f'{alias}."{field.name}{"_number" if field.type == "measured" else ""}"'
            found[field.name] = unless_aside(value, field.name, aside) if field.name in cells else value
        return found

    def as_known(self, alias: str) -> str:
        """The columns of a row: dates, times and bounds as precisely as they are known, all others as they are."""
        precise = {field.name: _written(field, alias) for field in self._typed if field.beside}
        return ", ".join(f'{precise.get(name, f"{alias}.{name}")} AS "{name}"' for name in self.contract.names)

    def value_hash(self, alias: str, columns: Sequence[str]) -> str:
        """MD5 of the values of some columns of a staged row."""
        return _md5(_value(self._as_read(alias, name)) for name in columns)

    def stored_hash(self, alias: str, columns: Sequence[str]) -> str:
        """The same of a row of `received.<feed>` with its patient's birth and death beside it."""
        own = self.contract.names
        return _md5(
            _value(self._as_stored(alias, name) if name in own else f'CAST({alias}."{name}" AS TEXT)')
            for name in columns
        )

    def _content(self, read: Callable[[str], str]) -> str:
        """An empty column that was added later says nothing, so that old rows are the same.

        Each added cell is hashed by itself: no text in one column can be taken for another column.
        """
        fields = self.contract.fields
        content = _md5(_value(read(field.name)) for field in fields if not field.added)
        added = " || ".join(_added(field.name, read(field.name)) for field in fields if field.added)
        return f"CASE WHEN {added} = '' THEN {content} ELSE MD5({content} || {added}) END" if added else content

    @property
    def _typed(self) -> list[Field]:
        return [field for field in self.contract.typed if field.type != "measured"]

    def _as_read(self, alias: str, name: str) -> str:
        """A value that can be read counts as what it is, not as it was written."""
        stored = self._as_stored(alias, name)
        return f'COALESCE({stored}, {alias}."{name}_text")' if name in self.typed else stored

    def _as_stored(self, alias: str, name: str) -> str:
        field = next((field for field in self._typed if field.name == name), None)
        if field is None:
            return f'{alias}."{name}"'
        beside = (f"COALESCE(CAST({alias}.\"{more}\" AS TEXT), '')" for more, _, _ in field.beside)
        return " || ".join([_as_text(field, alias), *beside])

    def _json(self, told: Iterable[tuple[str, str]]) -> str:
        members = ", ".join(f"'{name}', {value}" for name, value in told)
        return f"CAST({self.json_object}({members}) AS TEXT)"


@dataclass(frozen=True)
class OfFeed(
    Names,
    files="receiving/changed_row receiving/filled receiving/keep_failures receiving/keep_lines receiving/keep_rows "
    "receiving/staged sites/changed sites/missing_rows validation/count_current",
):
    """A feed, and the rules that set its rows aside by themselves unless a person declares the values right."""

    f: FeedSql

    @property
    def rules(self) -> list[Rule]:
        """These rules."""
        return overridable(own_rules(self.f.name))


def feed_sql(feed: str, *, is_duckdb: bool) -> FeedSql:
    """The pieces of a feed, for one of the engines."""
    return FeedSql(read(feed), is_duckdb)


def of_feed(feed: str, *, is_duckdb: bool) -> OfFeed:
    """What a statement asks for of a feed."""
    return OfFeed(feed_sql(feed, is_duckdb=is_duckdb))


def unless_aside(value: str, cell: str, aside: str) -> str:
    """A value of a row, null where its cell is one of those that `aside` lists (resolved.fate.cells_aside)."""
    return f"CASE WHEN {aside} IS NULL OR STRPOS({aside}, ',{cell},') = 0 THEN {value} END"


def _written(field: Field, alias: str) -> str:
    text = f'CAST({alias}."{field.name}" AS TEXT)'
    if field.type in ("partial_date", "timestamp"):
        known = " ".join(f"WHEN '{precision}' THEN SUBSTR({text}, 1, {end})" for precision, end in KNOWN.items())
        return f'CASE {alias}."{field.name}_precision" {known} ELSE {text} END'
    return f"COALESCE({alias}.\"{field.name}_comparator\", '') || {text}" if field.type == "bounded" else text


def _as_text(field: Field, alias: str) -> str:
    """A value as a text that is the same on each engine: one writes 30.0 and the other 30."""
    text = f'CAST({alias}."{field.name}" AS TEXT)'
    return f"REGEXP_REPLACE({text}, '[.]0$', '')" if field.type in ("decimal", "bounded") else text


def _item(item: KeyItem, read: Mapping[str, str]) -> str:
    due = re.sub("'[^']*'|\\w+", lambda word: read.get(word[0], word[0]), item.when)
    has = f"NULLIF({read[item.name]}, '{item.unknown}')" if item.unknown else read[item.name]
    return f"CASE WHEN {due} THEN CASE WHEN {has} IS NULL THEN '0' ELSE '1' END ELSE '-' END"


def _added(name: str, value: str) -> str:
    return f"COALESCE('{name}=' || MD5({value}), '')"


def _value(value: str) -> str:
    return f"COALESCE('=' || {value}, '') || CHR(31)"


def _md5(said: Iterable[str]) -> str:
    return "MD5(" + " || ".join(said) + ")"
