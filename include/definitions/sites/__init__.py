"""The profiles of sites: one YAML file a hospital, in the folder of the environment variable SITES."""

from functools import lru_cache
from pathlib import Path

from include.basics.settings import sites_folder
from include.definitions import contracts
from include.definitions.sites.columns import Column, Origin
from include.definitions.sites.dialect import Dates, Dialect
from include.definitions.sites.profile import Export, Site
from include.definitions.sites.rows import Taken, Texts, Unpivot

__all__ = [
    "Column",
    "Dates",
    "Dialect",
    "Export",
    "Origin",
    "Site",
    "Taken",
    "Texts",
    "Unpivot",
    "read_sites",
    "right_sites",
]


def read_sites() -> dict[str, Site]:
    """The known sites by name; raises RegistryError REG-401 with what is wrong with any profile."""
    from include.definitions.checking.problem import refuse_problems
    from include.definitions.checking.sites import check_sites

    profiles, problems = check_sites(sites_folder(), contracts.sources())
    refuse_problems(problems)
    return profiles


def right_sites() -> tuple[dict[str, Site], frozenset[str]]:
    """The sites with a right profile by name, and the names of those whose profile is wrong: their files wait.

    Files that have not changed are read once a process. Raises RegistryError REG-401 when the folder is none, or a
    wrong profile has a name that no site can have.
    """
    folder = sites_folder()
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return _right_sites(folder, tuple((file, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=1)
def _right_sites(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> tuple[dict[str, Site], frozenset[str]]:
    """The same for files of these times and sizes."""
    from include.definitions.checking.problem import refuse_problems
    from include.definitions.checking.sites import RESERVED, check_sites

    sources = contracts.sources()
    profiles, problems = check_sites(folder, sources)
    profile_files = {file for file, *_ in files if file.parent == folder and file.suffix in (".yml", ".yaml")}
    wrong = frozenset(file.stem for file in profile_files) - profiles.keys()
    if not folder.is_dir() or wrong & {*sources, *RESERVED}:
        refuse_problems(problems)
    return profiles, wrong
