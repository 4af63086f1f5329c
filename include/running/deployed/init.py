"""`python -m include.running.deployed.init`: makes everything that the other services need, or brings it up to date.

It may run at any time and as often as one likes: what is there stays, but for passwords and permissions, which become
those of the secrets and of `accounts`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from include.basics.errors import RegistryError
from include.basics.settings import Settings
from include.running.deployed.accounts import make_accounts
from include.running.deployed.buckets import make_bucket
from include.running.deployed.databases import SUPERUSER, make_databases, read_logins
from include.running.nightly.names import POOL
from include.warehouse import open_warehouse, prepare
from include.warehouse.access import make_roles
from include.warehouse.address import read_url

SECRETS = ("pgpass", "admin_password", "api_secret_key", "fernet_key", "jwt_secret", "s3_credentials")


def main() -> int:
    """Make everything; 0 = done, 1 = a step failed, 2 = secrets are missing."""
    console = Console(soft_wrap=True)
    if missing := [name for name in SECRETS if not _secret(name)]:
        console.print(f"Secrets are missing or empty: {', '.join(missing)}. Run deploy/secrets, then start again.")
        return 2
    settings = Settings.from_environment()
    logins = read_logins(Path(os.environ["PGPASSFILE"]))
    steps: list[tuple[str, Callable[[], None]]] = [
        ("Databases and roles", lambda: make_databases(logins)),
        ("Airflow's tables", lambda: _airflow("db", "migrate")),
        ("Roles and the first account", lambda: make_accounts(_secret("admin_password"))),
        ("Pool", lambda: _airflow("pools", "set", POOL, os.environ["WAREHOUSE_SLOTS"], "Who may use the warehouse")),
        ("The warehouse's roles", lambda: _make_roles(settings)),
        ("Warehouse", lambda: _prepare(settings)),
        ("Bucket of the extracts", lambda: make_bucket(settings.extracts)),
        ("Bucket of the landing area", lambda: make_bucket(settings.landing)),
    ]
    try:
        for told, step in steps:
            console.print(told)
            step()
    except RegistryError as error:
        console.print(str(error))
        return 1
    return 0


def _prepare(settings: Settings) -> None:
    with open_warehouse(settings.warehouse) as warehouse:
        prepare(warehouse)


def _make_roles(settings: Settings) -> None:
    administrator = read_url(settings.warehouse).set(username=SUPERUSER)
    with open_warehouse(administrator.render_as_string(hide_password=False)) as warehouse:
        make_roles(warehouse)


def _airflow(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "airflow", *arguments], check=True, stdout=subprocess.DEVNULL)


def _secret(name: str) -> str:
    file = Path("/run/secrets") / name
    return file.read_text().strip() if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
