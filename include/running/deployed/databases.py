"""PostgreSQL's databases and roles: Airflow's tables and the warehouse know nothing of each other."""

from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

SUPERUSER = "postgres"
OWNERS = {"airflow": "airflow", "registry": "registry_writer", "superset": "superset"}
"""Each database and the role that owns it."""


@dataclass(frozen=True)
class Login:
    """A line of libpq's password file."""

    host: str
    port: str
    role: str
    password: str = field(repr=False)


def read_logins(passwords: Path) -> list[Login]:
    """The logins of a password file."""
    lines = [line.split(":") for line in passwords.read_text().splitlines()]
    return [Login(host, port, role, password) for host, port, _, role, password in lines]


def make_databases(logins: list[Login]) -> None:
    """Make roles and databases that are missing, and give every role but the superuser its password.

    What each role may do in the warehouse is `include.warehouse.access`.
    """
    server = f"host={logins[0].host} port={logins[0].port} user={SUPERUSER} dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        for login in logins:
            if login.role != SUPERUSER:
                _make_role(connection, login)
        for database, owner in OWNERS.items():
            _make_database(connection, database, owner)
        connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")


def _make_role(connection: psycopg.Connection, login: Login) -> None:
    """The server gets a hash of the password, so that no log can hold it."""
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login.role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(login.role)))
    secret = connection.pgconn.encrypt_password(login.password.encode(), login.role.encode(), b"scram-sha-256")
    change = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
    connection.execute(change.format(sql.Identifier(login.role), sql.Literal(secret.decode())))


def _make_database(connection: psycopg.Connection, database: str, owner: str) -> None:
    names = {"database": sql.Identifier(database), "owner": sql.Identifier(owner)}
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {database} OWNER {owner}").format(**names))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {database} FROM PUBLIC").format(**names))
