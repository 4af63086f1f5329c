"""What the registry takes of one file: `limits.yml`, each number with its reason."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from include.basics.errors import RegistryError
from include.definitions.described import read_yaml

FILE = Path(__file__).resolve().parent / "limits.yml"


@dataclass(frozen=True)
class Limits:
    """Sizes are bytes; lengths of lines and texts are characters, those of cells bytes of UTF-8."""

    largest_bytes: int
    largest_ratio: int
    ratio_counts_from_bytes: int
    longest_header: int
    longest_line: int
    longest_cell: int
    kept_text: int
    largest_exponent: int
    shown_cells: int
    patience_seconds: int

    def allowed(self, stored: int) -> int:
        """How many bytes may come out of a file of so many."""
        return min(self.largest_bytes, max(self.ratio_counts_from_bytes, self.largest_ratio * stored))


def too_large(feed: str) -> RegistryError:
    """The error of a file of which more comes out than is allowed."""
    return RegistryError("REG-306", f"A file of {feed} is larger than the registry takes once decompressed.")


@cache
def limits() -> Limits:
    """The limits in force; raises RegistryError REG-401 when their file is wrong."""
    try:
        return Limits(**{name: int(given["value"]) for name, given in read_yaml(FILE).items()})
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise RegistryError("REG-401", "The file limits.yml of the stage cannot be read.") from error
