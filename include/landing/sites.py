"""The profiles of sites: one YAML file a hospital, in the folder of the environment variable SITES."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from include import contracts
from include.described import read_yaml
from include.errors import RegistryError
from include.settings import ROOT

NAME = re.compile(r"[A-Za-z0-9_-]+")
JOURNAL = "decisions"
"""The folder of the journal in the landing area, and so no site."""
KEYS = ("site", "patients")
PATIENTS = ("local", "registry")


@dataclass(frozen=True)
class Site:
    """A hospital; `patients` says how it names patients: by ids of its own (local) or by the registry's pseudonyms."""

    name: str
    patients: str


def read_sites() -> dict[str, Site]:
    """The known sites by name; raises RegistryError REG-401 for a profile that is wrong."""
    folder = Path(os.environ.get("SITES") or ROOT / "include" / "sites")
    if not folder.is_dir():
        raise RegistryError("REG-401", f"SITES: {folder} is no folder.")
    return {file.stem: _site(file) for file in sorted(folder.glob("*.yml"))}


def _site(file: Path) -> Site:
    described = _read(file)
    for key in described:
        if key not in KEYS:
            raise _wrong(file, f"key {key} is unknown")
    if described.get("site") != file.stem:
        raise _wrong(file, "key site is not the file's name")
    if not NAME.fullmatch(file.stem) or file.stem in (*contracts.sources(), JOURNAL):
        raise _wrong(file, "key site has other characters than letters, digits, - and _, or is taken")
    if described.get("patients") not in PATIENTS:
        raise _wrong(file, f"key patients is not one of {', '.join(PATIENTS)}")
    return Site(file.stem, described["patients"])


def _read(file: Path) -> dict[Any, Any]:
    try:
        described = read_yaml(file)
    except (OSError, UnicodeError, yaml.YAMLError):
        raise _wrong(file, "it cannot be read") from None
    if not isinstance(described, dict):
        raise _wrong(file, "it has no keys")
    return described


def _wrong(file: Path, why: str) -> RegistryError:
    return RegistryError("REG-401", f"The site profile {file.name}: {why}.")
