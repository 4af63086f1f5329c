"""A cell as it is compared: without blanks around it, composed as Unicode's NFC; what becomes empty is missing.

Almost every cell is plain ASCII without a blank at its ends, and is not looked at twice: to trim costs twenty times as
much as to ask whether it is needed.
"""

import unicodedata
from collections.abc import Iterable

from include.basics.blanks import BLANKS

CHARACTERS = "".join(map(chr, BLANKS))


def trimmed(text: str) -> str:
    """The text as it is compared."""
    return unicodedata.normalize("NFC", text.strip(CHARACTERS))


def trimmed_columns(names: Iterable[str]) -> str:
    """A DuckDB select list of the columns as they are compared."""
    return ", ".join(trimmed_cell(f'"{name}"') + f' AS "{name}"' for name in names)


def trimmed_cell(cell: str) -> str:
    """A DuckDB expression of a cell as it is compared."""
    plain = f"strlen({cell}) = LENGTH({cell}) AND {cell} >= '!' AND " + " AND ".join(
        f"NOT suffix({cell}, CHR({code}))" for code in BLANKS if code < 0x80
    )
    is_blank = " OR ".join(f"CONTAINS('{CHARACTERS}', {side}({cell}, 1))" for side in ("left", "right"))
    return (
        f"CASE WHEN {cell} = '' THEN NULL WHEN {plain} THEN {cell} "
        f"WHEN {is_blank} THEN NULLIF(nfc_normalize(trim({cell}, '{CHARACTERS}')), '') ELSE nfc_normalize({cell}) END"
    )
