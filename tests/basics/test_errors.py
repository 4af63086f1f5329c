"""The runbook has one row for each code there is."""

import re

from include.basics.errors import CODES
from include.basics.settings import ROOT


def test_each_code_has_one_row_in_the_runbook() -> None:
    rows = re.findall(r"^\| (REG-\d{3}) \|", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(CODES)
