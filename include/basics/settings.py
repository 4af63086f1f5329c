"""Where the extracts come from and where the warehouse is, and numbers that the environment says."""

import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

from include.basics.errors import RegistryError

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Settings:
    """The three places of a registry.

    `extracts` and `landing` are folders or `s3://bucket/prefix`; `warehouse` is a SQLAlchemy URL.
    """

    extracts: str
    warehouse: str
    landing: str

    def __post_init__(self) -> None:
        """Let `postgresql://` and `postgres://` mean the driver that there is."""
        object.__setattr__(self, "warehouse", re.sub("^postgres(ql)?://", "postgresql+psycopg://", self.warehouse))

    @classmethod
    def of(cls, extracts: str, warehouse: str, landing: str | None = None) -> "Settings":
        """Settings whose landing folder stands beside the warehouse file unless it is given."""
        return cls(extracts, warehouse, landing or _landing_beside(warehouse))

    @classmethod
    def from_environment(cls) -> "Settings":
        """EXTRACTS, WAREHOUSE and LANDING, by default below `var/` of the project."""
        return cls.of(
            os.environ.get("EXTRACTS") or str(ROOT / "var" / "extracts"),
            os.environ.get("WAREHOUSE") or f"duckdb:///{ROOT / 'var' / 'registry.duckdb'}",
            os.environ.get("LANDING"),
        )


def sites_folder() -> Path:
    """SITES, the folder with the profiles of hospitals, by default that of the project."""
    return Path(os.environ.get("SITES") or ROOT / "include" / "sites")


def number(name: str, default: float) -> float:
    """A number of the environment, 0 or more; raises RegistryError REG-108 when it is none."""
    try:
        found = float(os.environ.get(name) or default)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise RegistryError("REG-108", f"{name} is no number from 0 on.")
    return found


def whole(name: str, default: int, least: int = 0) -> int:
    """A whole number of the environment, at least so much; raises RegistryError REG-108 when it is none."""
    found = number(name, default)
    if found != int(found) or found < least:
        raise RegistryError("REG-108", f"{name} is no whole number from {least} on.")
    return int(found)


def _landing_beside(warehouse: str) -> str:
    prefix = "duckdb:///"
    if warehouse.startswith(prefix) and warehouse != prefix + ":memory:":
        file = Path(warehouse.removeprefix(prefix))
        return str(file.with_name(file.stem + ".landing"))
    return str(ROOT / "var" / "landing")
