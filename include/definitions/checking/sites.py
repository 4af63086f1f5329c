"""Checks the profiles of sites: one file a hospital, of its name, and how it names patients."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from include.definitions.checking.problem import Problem, name_of
from include.definitions.checking.reading import fit, parse

NAME = re.compile(r"[A-Za-z0-9_-]+")
JOURNAL = "decisions"
"""The folder of the journal in the landing area, and so no site."""


class SiteFile(BaseModel):
    """A profile as its file has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    site: str
    patients: Literal["local", "registry"]


def check_sites(folder: Path, sources: Collection[str]) -> tuple[dict[str, SiteFile], list[Problem]]:
    """The profiles in which nothing is wrong, by site, and what is wrong with the others; `sources` are no sites."""
    if not folder.is_dir():
        return {}, [Problem(str(folder), "", "", "is no folder: correct SITES")]
    good: dict[str, SiteFile] = {}
    problems: list[Problem] = []
    for file in sorted(folder.iterdir()):
        if file.suffix in (".yml", ".yaml"):
            profile, wrong = _check(file, sources)
            wrong += _twice(file, profile, good) if profile else []
            problems += wrong
            if profile and not wrong:
                good[profile.site] = profile
    return good, problems


def _check(file: Path, sources: Collection[str]) -> tuple[SiteFile | None, list[Problem]]:
    if file.suffix == ".yaml":
        return None, [Problem(name_of(file), "", "", f"is read by nobody: call it {file.stem}.yml")]
    content, wrong = parse(file)
    profile, misfits = (None, []) if wrong else fit(SiteFile, content, file)
    if profile is None:
        return None, [*wrong, *misfits]
    return profile, [Problem(name_of(file), "", "site", said) for said in _against_name(profile.site, file, sources)]


def _against_name(site: str, file: Path, sources: Collection[str]) -> list[str]:
    """What speaks against a site's name, which becomes a folder and the first part of ids."""
    said = [] if site == file.stem else [f"has to be {file.stem}, the file's name"]
    if not NAME.fullmatch(site):
        return [*said, "has other characters than letters, digits, - and _"]
    taken = (*sources, JOURNAL)
    return [*said, f"is taken: no site is called {', '.join(taken)}"] if site in taken else said


def _twice(file: Path, profile: SiteFile, good: dict[str, SiteFile]) -> list[Problem]:
    """Two profiles of one site: folders and ids that differ in case alone would be taken for one another."""
    other = next((site for site in good if site.lower() == profile.site.lower()), None)
    return [Problem(name_of(file), "", "site", f"{other}.yml is a profile of it already: keep one")] if other else []
