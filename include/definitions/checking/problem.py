"""What can be wrong with the registry's own files, where they lie, and what each mistake is called."""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from include.basics.errors import RegistryError
from include.basics.settings import ROOT, sites_folder
from include.basics.visible import visible
from include.definitions import contracts, expectations

REFERENCE = ROOT / "include" / "reference"


@dataclass(frozen=True)
class Folders:
    """Where contracts, suites with thresholds, reference tables, and profiles of sites lie."""

    contracts: Path = contracts.FOLDER
    expectations: Path = expectations.FOLDER
    reference: Path = REFERENCE
    sites: Path = field(default_factory=sites_folder)


@dataclass(frozen=True)
class Problem:
    """A mistake: in which file, entry (rule, row, column) and key, what it is, and its error code."""

    file: str
    entry: str
    key: str
    what: str
    code: str = "REG-401"

    def __str__(self) -> str:
        said = ": ".join(part for part in (self.file, self.entry, self.key, self.what) if part)
        return f"{visible(said)} [{self.code}]"

    def as_row(self) -> dict[str, str]:
        """The problem as plain values."""
        return {name: str(value) for name, value in asdict(self).items()}


def refuse_problems(problems: list[Problem]) -> None:
    """Raise RegistryError REG-401 with every problem, if there is one."""
    if problems:
        lines = "\n".join(str(problem) for problem in problems)
        raise RegistryError("REG-401", f"{len(problems)} problems in the registry's files:\n{lines}\n")


def name_of(file: Path) -> str:
    """A file's name in problems: its folder's and its own."""
    return f"{file.parent.name}/{file.name}"
