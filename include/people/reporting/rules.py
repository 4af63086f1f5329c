"""The rules for people: a page by feed, or rows."""

from collections.abc import Iterable
from typing import Any

from include.definitions.contracts import FEEDS
from include.definitions.contracts import read as read_contract

HEAD = """# Rules of validation

Written by `make rules` from `include/expectations/`; do not edit it here.

- **critical**: the row is set aside in quarantine until a corrected one comes, or somebody decides. A file rule holds
  the whole file. A rule for **cells** sets its cell aside alone: the row is in the record, with null there.
- **warning**: the row loads and counts; it is unusual or contradicts another one, and somebody should look.
- **info**: the row loads and counts; something is missing that would be good to have.

Each rule belongs to one of Kahn's categories (2016): *conformance* (form and codes), *completeness* (is it there),
*plausibility* (can it be true). *Verification* holds a row against what the registry itself expects, *validation*
against another source: a standard, a publication, another feed. An id names one rule for ever; retired ones are listed
at the end.
"""
TITLES = {"file": "Every file"}
LEVELS = {
    "cell": "sets the cell aside alone",
    "lifespan": "judged again when the patient's birth or death, whose the key is, or another merge becomes known",
    "warehouse": "judged across feeds whenever the patient's rows change",
}


def rules_page(rules: list[dict[str, Any]]) -> str:
    """The documentation page: Markdown, one section a feed, one table a section."""
    sections = [HEAD]
    living = [rule for rule in rules if not rule.get("retired_version")]
    for feed in ("file", *FEEDS):
        sections.append(_section(feed, [rule for rule in living if rule["feed"] == feed]))
    retired = [rule for rule in rules if rule.get("retired_version")]
    sections.append("## Retired\n\n" + ("\n".join(map(_retired, retired)) if retired else "None yet.") + "\n")
    return "\n".join(sections)


def _section(feed: str, rules: Iterable[dict[str, Any]]) -> str:
    title = TITLES.get(feed) or f"{read_contract(feed).source} / {feed}"
    lines = [f"## {title}\n", "| rule | severity | what it asks for | what to do | kind |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *map(_row, rules)]) + "\n"


def _row(rule: dict[str, Any]) -> str:
    asks = rule["description"]
    if rule["level"] in LEVELS:
        asks += f" *({LEVELS[rule['level']]})*"
    kind = f"{rule['category']}, {rule['context']}; {rule['owner']}, since {rule['since_version']}"
    cells = (f"`{rule['rule_id']}`", rule["severity"], asks, rule["remedy"], kind)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _retired(rule: dict[str, Any]) -> str:
    followed = f", replaced by `{rule['replaced_by']}`" if rule.get("replaced_by") else ""
    said = f"{rule['description']} ({rule['severity']}; {rule['since_version']} to {rule['retired_version']}{followed})"
    return f"- `{rule['rule_id']}`: {said}"
