"""`python load.py`: Superset's tables, its first account, and the dashboards of `assets`; run it as often as one likes.

It overwrites the database connection, datasets, charts and the dashboard that it made, by their UUID, and nothing
else. It runs in Superset's own Python. MARTS_URL says where the marts are, as SQLAlchemy does; a password that it does
not hold comes from libpq's password file.
"""

import os
import subprocess
import sys
from pathlib import Path

import yaml

ASSETS = Path(__file__).parent / "assets"
ADMIN = "admin"


def main() -> None:
    """Bring Superset's tables up to date, then all that is in them."""
    subprocess.run([Path(sys.executable).with_name("superset"), "db", "upgrade"], check=True)
    from superset.app import create_app

    with create_app().app_context():
        make_accounts(Path(os.environ["SUPERSET_ADMIN_PASSWORD_FILE"]).read_text().strip())
        load_assets(read_assets(os.environ.get("MARTS_URL", "")))


def make_accounts(password: str) -> None:
    """Make Superset's roles; the account `admin` too, when nobody has made it before."""
    from superset import appbuilder, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    if not security_manager.find_user(ADMIN):
        role = security_manager.find_role("Admin")
        security_manager.add_user(ADMIN, "First", "account", "admin@localhost", role, password)


def read_assets(marts: str) -> dict[str, str]:
    """Each file's text by its path; the connection leads to `marts`, if that is given."""
    contents = {file.relative_to(ASSETS).as_posix(): file.read_text() for file in ASSETS.rglob("*.yaml")}
    connection = yaml.safe_load(contents["databases/registry.yaml"])
    contents["databases/registry.yaml"] = yaml.safe_dump(connection | ({"sqlalchemy_uri": marts} if marts else {}))
    return contents


def load_assets(contents: dict[str, str]) -> None:
    """Overwrite what these files describe; columns are those that the marts have now."""
    from superset import db, security_manager
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.connectors.sqla.models import SqlaTable
    from superset.utils.core import override_user

    with override_user(security_manager.find_user(ADMIN)):
        ImportAssetsCommand(contents).run()
        ours = [yaml.safe_load(text)["uuid"] for path, text in contents.items() if path.startswith("datasets/")]
        for dataset in db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(ours)):
            dataset.fetch_metadata()
        db.session.commit()


if __name__ == "__main__":
    main()
