"""Reads the SQL text in `include/sql/`.

Derived tables, marts and views are SELECTs. The statements that load are the same for all feeds: Jinja fills in the
names of tables and columns that a dataclass (`Names`) has; values are always bound parameters. A SELECT over every feed
goes through the contracts as `feeds`; `blanks` is a text of the characters that show nothing; `editions` are the places
of the editions of toxicity criteria.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta, nodes
from jinja2.runtime import Context
from jinja2.utils import missing

from include.basics.blanks import BLANKS_SQL
from include.basics.templates import Names, templates
from include.definitions import contracts

FOLDER = Path(__file__).resolve().parent.parent / "sql"
EDITIONS = FOLDER.parent / "reference" / "toxicity_criteria.csv"


@dataclass(frozen=True)
class OfTable(
    Names,
    files="receiving/failed_by_file receiving/forget_unchanged resolving/forget_reading "
    "validation/enter_findings validation/forget_rules",
):
    """The table that a statement is about, which may be any."""

    table: str


class Asked(Context):
    """Looks up in `of` what a template asks for, so that nothing is made that it does not."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return getattr(self.parent.get("of"), key, missing) if found is missing else found


@cache
def environment() -> jinja2.Environment:
    """All templates of `include/sql`."""
    made = templates(FOLDER, escaped=False)
    made.context_class = Asked
    made.globals["blanks"] = BLANKS_SQL
    made.globals["feeds"] = [contracts.read(feed) for feed in contracts.FEEDS]
    return made


def compile_templates() -> None:
    """Compile all of them, for processes that may keep nothing."""
    for name in environment().list_templates(["sql"]):
        environment().get_template(name)


def template(name: str) -> nodes.Template:
    """The template `include/sql/<name>.sql`, as Jinja reads it."""
    return environment().parse(_text(name))


@cache
def asked(name: str) -> frozenset[str]:
    """What the template `include/sql/<name>.sql` asks for, by itself and in what it includes and imports."""
    tree = template(name)
    known = {"editions", *environment().globals, *(one.name for one in tree.find_all(nodes.Name) if one.ctx == "store")}
    parts = [part.removesuffix(".sql") for part in meta.find_referenced_templates(tree) if part]
    return frozenset(meta.find_undeclared_variables(tree).union(*map(asked, parts)) - known)


@cache
def editions() -> range:
    """Each edition of toxicity criteria has a place in the texts that hold the grades of a result."""
    with EDITIONS.open(encoding="utf-8", newline="") as lines:
        return range(1, 1 + len(list(csv.DictReader(lines))))


@cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").removesuffix("\n")


def render(name: str, of: Names | None = None) -> str:
    """The text of `include/sql/<name>.sql` with what it asks for; one that asks for nothing takes whatever is given.

    Raises TypeError where `of` is not made for this template.
    """
    text = _text(name)
    if "{" not in text:
        return text
    if of and name not in of.files:
        raise TypeError(f"{type(of).__name__} is not what {name} asks for")
    return environment().get_template(f"{name}.sql").render(editions=editions(), of=of)


def macro(file: str, name: str) -> Callable[[str], str]:
    """The macro of a name in `include/sql/<file>.sql`."""
    found: Callable[[str], str] = getattr(environment().get_template(f"{file}.sql").module, name)
    return found


@cache
def select_text(name: str) -> str:
    """The SELECT in `include/sql/<name>.sql`."""
    return render(name).strip()
