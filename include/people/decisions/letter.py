"""A letter to a department: its open rows, the rules they fail, what to do, what people noted; no other cell.

LETTER_MAIL_TO says where letters go: `laboratory=lab@example.org; north/clinic=a@example.org, b@example.org`. A letter
holds the rows of one site; without one, those that came without.
"""

import os
from dataclasses import asdict
from html import escape
from typing import Any

from include.basics.errors import RegistryError
from include.basics.scratch import scratch
from include.basics.sheets import MOST, sheet_text
from include.definitions import contracts
from include.people.decisions.selection import Selection
from include.people.languages import wording
from include.people.languages.texts import text
from include.people.mailing import addresses, send_mail
from include.warehouse import Warehouse

COLUMNS = (
    "site",
    "feed",
    "batch_date",
    "file_name",
    "row_number",
    "record_key",
    "rule_id",
    "description",
    "remedy",
    "note",
)

Row = dict[str, Any]


def letter_rows(warehouse: Warehouse, selection: Selection) -> list[Row]:
    """The rows of a letter, one a row and rule: those of the selection's site; without one, those that came without."""
    found = warehouse.run_file("decisions/letter", **asdict(selection), most=MOST).mappings()
    return [dict(row) for row in found if row["site"] == (selection.site or "")]


def letter_in(language: str, rows: list[Row]) -> list[Row]:
    """The rows of a letter with what rules ask for, what to do and notes in a language of the pages."""
    wording.spoken.set(language)
    return [
        {
            **row,
            "description": wording.asks(row["description"], row["rule_id"] or ""),
            "remedy": wording.remedy(row["remedy"], row["rule_id"] or ""),
            "note": row["note"] and "; ".join(map(wording.why, row["note"].split("; "))),
        }
        for row in rows
    ]


def mail_letter(warehouse: Warehouse, selection: Selection, language: str = "en") -> dict[str, int]:
    """Mail the letter in a language to the department of the selection; how many rows to how many addresses.

    Raises RegistryError REG-701 when the mail server does not accept it, REG-702 when the department has no address.
    """
    department = "/".join(filter(None, (selection.site, selection.source)))
    to = _addresses().get(department, [])
    if not to:
        raise RegistryError("REG-702", "LETTER_MAIL_TO has no address for this department.")
    rows = letter_in(language, [_without_patient(row) for row in letter_rows(warehouse, selection)])
    lines = {(row["feed"], row["file_name"], row["batch_date"], row["row_number"]) for row in rows}
    named = {"department": wording.placed(department), "rows": len(lines)}
    subject, said = (text(language, f"letter.{part}", **named) for part in ("subject", "mailed"))
    with scratch() as folder:
        file = folder / "letter.csv"
        file.write_text(sheet_text(COLUMNS, rows), encoding="utf-8")
        send_mail(to, f"[registry] {subject}", f"<p>{escape(said)}</p>", files=[str(file)])
    return {"rows": len(lines), "addresses": len(to)}


def _without_patient(row: Row) -> Row:
    """The row without a key that is a patient's id: mail is read by more people than the pages."""
    return {**row, "record_key": None} if contracts.read(row["feed"]).names_patient else row


def _addresses() -> dict[str, list[str]]:
    """The addresses by department, `north/clinic` where a site has it."""
    entries = os.environ.get("LETTER_MAIL_TO", "").split(";")
    named = (entry.partition("=") for entry in entries)
    return {department.strip(): addresses(to) for department, _, to in named}
