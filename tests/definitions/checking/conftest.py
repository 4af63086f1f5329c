"""A copy of the registry's files that a test may break."""

from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from include.definitions.checking import Folders


class Copy:
    """Contracts, expectations and reference tables in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        platform = Folders()
        self.folder = folder
        for part in (platform.contracts, platform.expectations, platform.reference):
            copytree(part, folder / part.name, ignore=ignore_patterns("*.py", "__pycache__"))
        self.folders = Folders(*(folder / name for name in ("contracts", "expectations", "reference")))

    def change(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def copied(tmp_path: Path) -> Copy:
    """The platform's files, copied."""
    return Copy(tmp_path)
