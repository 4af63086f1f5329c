"""What each derived table and mart is made of, and each rule across feeds looks at: what its SELECT names.

Views among that are followed. The steps that change a source count their changes under its name in `ops.step`:
`clinical.<feed>` is what the record knows of a feed, PERSONS whose rows count and as whose, CATALOGUE the rules and
thresholds. Whatever else is read is FACTS: it may be other at every refresh, as a random number is. Contracts, SQL and
the other reference tables are nobody's source: `prepare` counts them for all. Neither is received.file: the file of a
row never changes, and what a spelling of a unit means neither. Other limits of a site's laboratory count as other
results.
"""

import re
from functools import cache

from include.definitions import contracts
from include.warehouse.catalogue import NAMES
from include.warehouse.sql import select_text
from include.warehouse.tables import manifest

PERSONS = "persons"
CATALOGUE = "catalogue"
FACTS = "facts"
ALWAYS = re.compile("GEN_RANDOM_UUID|CURRENT_DATE|CURRENT_TIMESTAMP")
SCHEMAS = "received|decision|resolved|ops|quarantine|reference|clinical|scope|derived|marts"
NAMED = re.compile(rf"\b({SCHEMAS})\.(\w+)")
OF_EVERYBODY = re.compile(r"\bclinical\.current_(?=(?:results|exams|lesions|procedures)\b)")
COMMENT = re.compile(r"--.*")


def in_scope(select: str) -> str:
    """A view of everybody as it is of those in scope."""
    return OF_EVERYBODY.sub("scope.", select)


@cache
def sources(table: str) -> frozenset[str]:
    """What a table or view (schema.table) is made of."""
    return sources_of(select_text(table.replace(".", "/")))


@cache
def sources_of(select: str) -> frozenset[str]:
    """What a SELECT reads."""
    select = COMMENT.sub("", select)
    found = {source for schema, name in NAMED.findall(select) for source in _sources(schema, name)}
    return frozenset(found | {FACTS} if ALWAYS.search(select) else found)


def _sources(schema: str, name: str) -> frozenset[str]:
    name = name.removeprefix("current_")
    if (schema, name) in (("received", "file"), ("resolved", "spelling"), ("ops", "site_limit")):
        return frozenset()
    if schema in ("scope", "clinical", "received") and name in contracts.FEEDS:
        return frozenset({f"clinical.{name}", PERSONS})
    if schema == "scope":
        schema = "derived" if name in manifest("derived") else "clinical"
    if name in manifest(schema, "views") and schema in ("clinical", "derived", "reference"):
        return sources(f"{schema}.{name}")
    if schema in ("derived", "marts"):
        return frozenset({f"{schema}.{name}"})
    if schema == "reference":
        return frozenset({CATALOGUE} if name in NAMES else ())
    return frozenset({FACTS})
