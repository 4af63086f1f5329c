"""The profiles of sites: one YAML file a hospital, in the folder of the environment variable SITES."""

from dataclasses import dataclass

from include.basics.settings import sites_folder
from include.definitions import contracts
from include.definitions.checking.problem import refuse_problems
from include.definitions.checking.sites import check_sites


@dataclass(frozen=True)
class Site:
    """A hospital; `patients` says how it names patients: by ids of its own (local) or by the registry's pseudonyms."""

    name: str
    patients: str


def read_sites() -> dict[str, Site]:
    """The known sites by name; raises RegistryError REG-401 with what is wrong with any profile."""
    profiles, problems = check_sites(sites_folder(), contracts.sources())
    refuse_problems(problems)
    return {name: Site(name, profile.patients) for name, profile in profiles.items()}
