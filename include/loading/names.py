"""The names that the loading statements need: tables, columns and keys of one feed, from its contract."""

from collections.abc import Callable, Iterable
from typing import Any

from include import contracts
from include.contracts import Contract, Field
from include.expectations import LIFESPAN, Rule
from include.warehouse import Warehouse

LATER_VERSION = "a later valid version arrived"
"""Why a record is closed although its row is not in the clinical record; open again when that version is out."""


def names_of(warehouse: Warehouse, feed: str) -> dict[str, Any]:
    """Identifiers for `include/sql/loading/*.sql`."""
    contract = contracts.read(feed)
    columns = _stored_columns(contract)
    return {
        "feed": feed,
        "source": contract.source,
        "key": contract.key,
        "announces": feed == "patients",
        "columns": ", ".join(f'"{name}"' for name in columns),
        "of": _prefixer(columns),
        "typed": [field.name for field in _typed(contract)],
        "written": {field.name: _written(field) for field in _typed(contract)},
        "measured": [field.name for field in contract.fields if field.type == "measured"],
        "json_object": "json_object" if warehouse.is_duckdb else "json_build_object",
        "payload": _payload(contract),
        "content": _md5(_as_read(contract)(name) for name in contract.names),
        "hash_of": _hasher(contract),
        "patient_hash": _md5(['r."patient_id"']),
        "batch_date": None,
        "later_version": LATER_VERSION,
    }


def _stored_columns(contract: Contract) -> list[str]:
    return [*contract.names, *(name for field in contract.fields for name, _, _ in field.beside)]


def _typed(contract: Contract) -> list[Field]:
    """The columns whose text is kept beside them while they are staged."""
    return [field for field in contract.typed if field.type != "measured"]


def _written(field: Field) -> str:
    """A column of the version `v` as text."""
    text = f'CAST(v."{field.name}" AS TEXT)'
    return f"COALESCE(v.\"{field.name}_comparator\", '') || {text}" if field.type == "bounded" else text


def _prefixer(columns: list[str]) -> Callable[[str], str]:
    return lambda alias: ", ".join(f'{alias}."{name}"' for name in columns)


def _payload(contract: Contract) -> str:
    """Arguments of a JSON object: each column's name and the text that was sent."""
    typed = {field.name for field in _typed(contract)}
    sent = (f"{name}_text" if name in typed else name for name in contract.names)
    return ", ".join(f"'{name}', r.\"{column}\"" for name, column in zip(contract.names, sent, strict=True))


def _hasher(contract: Contract) -> Callable[[Rule], str]:
    """SQL of the MD5 of the values that a rule judges, of the row `r` of `staged_rows` and `s` of `staged`."""
    as_read = _as_read(contract)

    def value(column: str) -> str:
        return f'CAST(s."{column}" AS TEXT)' if column in LIFESPAN else as_read(column)

    return lambda rule: _md5(value(column) for column in rule.columns)


def _as_read(contract: Contract) -> Callable[[str], str]:
    """A column of the row `r` as text: a value that can be read counts as what it is, not as it was written."""
    read = {field.name: _read(field) for field in _typed(contract)}
    return lambda name: f'COALESCE({read[name]}, r."{name}_text")' if name in read else f'r."{name}"'


def _read(field: Field) -> str:
    beside = (f"COALESCE(CAST(r.\"{name}\" AS TEXT), '')" for name, _, _ in field.beside)
    return " || ".join([f'CAST(r."{field.name}" AS TEXT)', *beside])


def _md5(values: Iterable[str]) -> str:
    return "MD5(" + " || ".join(f"COALESCE('=' || {value}, '') || CHR(31)" for value in values) + ")"
