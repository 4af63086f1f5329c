"""Checks contracts, suites, thresholds, reference tables and sites, and says precisely what is wrong.

`read` looks at the files alone and is quick enough for a DAG file; `check` also lets every rule run. Neither needs a
warehouse.
"""

from dataclasses import dataclass

from include.definitions.checking.contracts import check_contracts
from include.definitions.checking.meaning import check_meaning
from include.definitions.checking.problem import Folders, Problem, refuse_problems
from include.definitions.checking.references import check_references
from include.definitions.checking.sites import check_sites
from include.definitions.checking.suites import Living, check_suites
from include.definitions.checking.thresholds import check_thresholds
from include.definitions.checking.units import check_normal

__all__ = ["Findings", "Folders", "Problem", "check", "read", "refuse"]


@dataclass(frozen=True)
class Findings:
    """Every problem, and how many things were looked at."""

    problems: list[Problem]
    counts: dict[str, int]
    living: list[Living]


def check(folders: Folders | None = None) -> Findings:
    """Everything that `read` looks at; then, where contracts and reference tables are right, every rule runs."""
    found = read(folders)
    made_of = {"contracts", "reference"}
    if any(problem.file.partition("/")[0] in made_of for problem in found.problems):
        return found
    from include.definitions.checking.running import check_running

    problems = [*found.problems, *check_normal(folders or Folders()), *check_running(found.living)]
    return Findings(problems, found.counts, found.living)


def read(folders: Folders | None = None) -> Findings:
    """What the files say, without running a rule."""
    folders = folders or Folders()
    contracts, problems = check_contracts(folders)
    living, of_suites = check_suites(folders, contracts)
    thresholds, of_thresholds = check_thresholds(folders, contracts)
    tables, of_references = check_references(folders)
    sites, of_sites = check_sites(folders.sites, sorted({contract.source for contract in contracts.values()}))
    problems += [*of_suites, *check_meaning(living, contracts), *of_thresholds, *of_references, *of_sites]
    suites = len({one.suite for one in living})
    counts = {"contracts": len(contracts), "suites": suites, "rules": len(living)}
    counts |= {"thresholds": thresholds, "reference tables": tables, "site profiles": len(sites)}
    return Findings(problems, counts, living)


def refuse(found: Findings) -> None:
    """Raise RegistryError REG-401 with every problem found, if there is one."""
    refuse_problems(found.problems)
