"""What is printed in the terminal is what was given: units are brackets, and so may be names and reasons."""

import pandas as pd
import pytest

from include.basics.settings import Settings
from include.people.reporting import print_frame
from include.people.reporting.nights import print_nights
from include.warehouse import open_warehouse, utc_now
from tests.support.ledger import deliver, why

TEXTS = ["m[iU]/mL", "note [/b]", "[red]x", ":warning:"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_table_shows_cells_columns_and_title_as_they_are(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_frame(pd.DataFrame({f"{text} column": [f"{text} cell"]}), title=f"{text} title")

    printed = capsys.readouterr().out
    assert all(f"{text} {part}" in printed for part in ("title", "column", "cell"))


def test_the_reason_of_a_held_file_is_printed_as_it_is(prepared_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with open_warehouse(prepared_url) as warehouse:
        told = why("REG-302", "the columns [/b] and [iU] are missing.")
        deliver(warehouse, "L1", utc_now().date(), "held", **told)

    print_nights(Settings.of("unused", prepared_url))

    assert "the columns [/b] and [iU] are missing." in capsys.readouterr().out
