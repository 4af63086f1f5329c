"""The profiles of sites: one YAML file a hospital, in the folder of the environment variable SITES."""

from include.basics.settings import sites_folder
from include.definitions import contracts
from include.definitions.sites.profile import Column, Dates, Dialect, Export, Site, Taken, Unpivot

__all__ = ["Column", "Dates", "Dialect", "Export", "Site", "Taken", "Unpivot", "read_sites"]


def read_sites() -> dict[str, Site]:
    """The known sites by name; raises RegistryError REG-401 with what is wrong with any profile."""
    from include.definitions.checking.problem import refuse_problems
    from include.definitions.checking.sites import check_sites

    profiles, problems = check_sites(sites_folder(), contracts.sources())
    refuse_problems(problems)
    return profiles
