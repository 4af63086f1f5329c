"""Text of rows as terminals and spreadsheets may have it."""

import re

UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Characters that are not seen but do something: control characters, directions of writing, those of no width."""
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def visible(text: str) -> str:
    """The text with its unseen characters written as escapes: a row must not steer the terminal that shows it."""
    return UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def spreadsheet(text: str) -> str:
    """The same, and with an apostrophe in front of what a spreadsheet would take for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(FORMULA) and not NUMBER.fullmatch(shown) else shown
