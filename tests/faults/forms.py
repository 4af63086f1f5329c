"""The two forms of a platform that are disturbed: a DuckDB file with folders; PostgreSQL with an S3 server."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from include.basics.settings import Settings
from tests.faults.disk import Disk, disk
from tests.faults.night import BEFORE, Ended, Night
from tests.faults.servers import S3, PostgreSQL
from tests.faults.wire import Wire
from tests.support.s3 import client, endpoint_of, settings_of

KILL, SKEW = "the night is killed", "the clock is skewed"
"""Faults of the night itself."""


class Fault(NamedTuple):
    """What happens to a server, a wire or a disk, and what ends that."""

    strike: Callable[[], None]
    restore: Callable[[], None]


class Form(Protocol):
    """A platform that has had the nights before, as often as it is asked for."""

    name: str
    faults: dict[str, Fault]
    scratch: Path

    def fresh(self) -> Settings:
        """One that knows of no later night."""


def nothing() -> None:
    """What is done elsewhere."""


OF_THE_NIGHT = {KILL: Fault(nothing, nothing), SKEW: Fault(nothing, nothing)}


def full(what: str, where: Disk, then: Callable[[], None]) -> dict[str, Fault]:
    """The fault of a disk; none where a disk of its own could not be mounted."""

    def restore() -> None:
        where.clear()
        then()

    return {f"the disk of {what} is full": Fault(where.fill, restore)} if where.is_own else {}


def dropped(what: str, wire: Wire) -> dict[str, Fault]:
    """The faults of a wire."""
    return {
        f"the network to {what} breaks off": Fault(lambda: wire.cut(reset=False), wire.mend),
        f"the network to {what} is reset": Fault(lambda: wire.cut(reset=True), wire.mend),
        f"the network to {what} stalls": Fault(wire.stall, wire.mend),
    }


def nights_before(settings: Settings, scratch: Path) -> None:
    """Bring the record to where it is before the disturbed night."""
    ended: Ended = Night(settings, scratch, through=BEFORE).end()
    if ended.how != "done":
        raise RuntimeError(f"The nights before ended {ended}.")


class OnDuckDB:
    """A DuckDB file, extracts and landing area in folders."""

    name = "DuckDB"

    def __init__(self, folder: Path, extracts: Path, own: Disk) -> None:
        self.base, self.extracts, self.moment = folder / "base.duckdb", extracts, own.folder / "moment"
        self.scratch = own.folder / "scratch"
        self.faults = OF_THE_NIGHT | full("the warehouse", own, nothing)
        nights_before(Settings.of(str(extracts), f"duckdb:///{self.base}"), self.scratch)

    def fresh(self) -> Settings:
        shutil.rmtree(self.moment, ignore_errors=True)
        self.moment.mkdir()
        shutil.copyfile(self.base, self.moment / "registry.duckdb")
        return Settings.of(str(self.extracts), f"duckdb:///{self.moment / 'registry.duckdb'}")


class OnPostgreSQL:
    """PostgreSQL, extracts and landing area in buckets, each server behind a wire and with a disk of its own."""

    name = "PostgreSQL and S3"

    def __init__(self, extracts: Path, disks: tuple[Disk, Disk], servers: tuple[PostgreSQL, S3]) -> None:
        self.postgresql, self.s3 = servers
        self.scratch, self.number = extracts.parent / "scratch-postgresql", 0
        self.faults = OF_THE_NIGHT | {
            "PostgreSQL is killed": Fault(self.postgresql.kill, self.postgresql.start),
            "the S3 server is killed": Fault(self.s3.kill, self.s3.start),
            **dropped("PostgreSQL", self.postgresql.wire),
            **dropped("the S3 server", self.s3.wire),
            **full("PostgreSQL", disks[0], self.postgresql.start),
            **full("the S3 server", disks[1], self.s3.restart),
        }
        store(extracts, endpoint_of(self.s3.ports))
        self.postgresql.copy("template0", "base")
        nights_before(self._settings("base"), self.scratch)

    def fresh(self) -> Settings:
        self.postgresql.drop(f"moment_{self.number}")
        self.number += 1
        self.postgresql.copy("base", f"moment_{self.number}")
        return self._settings(f"moment_{self.number}")

    def _settings(self, name: str) -> Settings:
        return Settings("s3://extracts", self.postgresql.url(name), f"s3://landing/{name}")


def store(extracts: Path, endpoint: str) -> None:
    """Put all extracts into a bucket."""
    s3 = client(endpoint)
    for bucket in ("extracts", "landing"):
        s3.create_bucket(Bucket=bucket)
    for file in sorted(path for path in extracts.rglob("*") if path.is_file()):
        s3.upload_file(str(file), "extracts", file.relative_to(extracts).as_posix())


@contextmanager
def forms(folder: Path, extracts: Path) -> Iterator[list[Form]]:
    """Both forms, ready."""
    with (
        disk(folder / "duckdb", 500) as own,
        disk(folder / "postgresql", 900) as one,
        disk(folder / "s3", 2500) as other,
    ):
        servers = PostgreSQL(one.folder), S3(other.folder)
        os.environ |= settings_of(
            f"http://127.0.0.1:{servers[1].wire.port}"
        )  # before the first night: all begin with it
        try:
            yield [OnDuckDB(folder, extracts, own), OnPostgreSQL(extracts, (one, other), servers)]
        finally:
            servers[1].kill()
            servers[0].stop()
