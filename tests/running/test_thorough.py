"""What `make test` leaves to `make test-thorough`."""

from include.basics.settings import ROOT
from tests.conftest import thorough


def test_every_entry_is_a_test() -> None:
    entries = [entry.partition("::") for entry in sorted(thorough())]
    names = {file: f"\n{(ROOT / file).read_text(encoding='utf-8')}" for file, _, _ in entries}

    assert [f"{file}::{name}" for file, _, name in entries if f"\ndef {name}" not in names[file]] == []
