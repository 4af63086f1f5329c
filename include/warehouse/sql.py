"""Reads the SQL text in `include/sql/`.

Derived tables, marts and views are SELECTs. The statements that load are the same for all feeds: Jinja fills in the
names of tables and columns, which come from the contracts; values are always bound parameters. A SELECT over every feed
goes through the contracts as `feeds`; `blanks` is a text of the characters that show nothing; `editions` are the places
of the editions of toxicity criteria.
"""

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from include.basics.blanks import BLANKS_SQL
from include.basics.templates import templates
from include.definitions import contracts

FOLDER = Path(__file__).resolve().parent.parent / "sql"
EDITIONS = FOLDER.parent / "reference" / "toxicity_criteria.csv"


@cache
def _templates() -> jinja2.Environment:
    environment = templates(FOLDER, escaped=False)
    environment.globals["blanks"] = BLANKS_SQL
    environment.globals["feeds"] = [contracts.read(feed) for feed in contracts.FEEDS]
    return environment


def compile_templates() -> None:
    """Compile all of them, for processes that may keep nothing."""
    for name in _templates().list_templates(["sql"]):
        _templates().get_template(name)


@cache
def editions() -> range:
    """Each edition of toxicity criteria has a place in the texts that hold the grades of a result."""
    with EDITIONS.open(encoding="utf-8", newline="") as lines:
        return range(1, 1 + len(list(csv.DictReader(lines))))


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").removesuffix("\n")


def render(name: str, names: Mapping[str, Any]) -> str:
    """The text of `include/sql/<name>.sql` with identifiers filled in; one that asks for none needs no template."""
    text = _text(name)
    if "{" not in text:
        return text
    return _templates().get_template(f"{name}.sql").render(editions=editions(), **names)


def macro(file: str, name: str) -> Callable[[str], str]:
    """The macro of a name in `include/sql/<file>.sql`."""
    found: Callable[[str], str] = getattr(_templates().get_template(f"{file}.sql").module, name)
    return found


@cache
def select_text(name: str) -> str:
    """The SELECT in `include/sql/<name>.sql`."""
    return render(name, {}).strip()
