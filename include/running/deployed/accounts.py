"""Who may do what in Airflow: the roles Viewer, Manager, Engineer and Admin, and the first account.

Viewer and Admin are Airflow's own. A manager also answers questions about held files, for which Airflow wants the right
to edit the DAG that asks, and decides on the pages. An engineer also starts, clears and stops runs, and edits pools,
variables and connections.
"""

from typing import Any

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.providers.fab.www.security.permissions import (
    ACTION_CAN_ACCESS_MENU,
    ACTION_CAN_CREATE,
    ACTION_CAN_EDIT,
    RESOURCE_ASSET,
    RESOURCE_DAG,
    RESOURCE_HITL_DETAIL,
    resource_name,
)

from include.people.asking.runs import DECIDE

ADMIN = "admin"
DECIDES = [
    (ACTION_CAN_EDIT, RESOURCE_HITL_DETAIL),
    (ACTION_CAN_EDIT, resource_name(DECIDE, RESOURCE_DAG)),
    (ACTION_CAN_ACCESS_MENU, RESOURCE_HITL_DETAIL),
    (ACTION_CAN_CREATE, RESOURCE_ASSET),
]


def make_accounts(password: str) -> None:
    """Make the roles; the account `admin` too, with this password, when nobody has made it before."""
    with get_application_builder() as builder:
        security: Any = builder.sm
        security.sync_roles()
        viewer = security.VIEWER_PERMISSIONS
        operator = security.USER_PERMISSIONS + security.OP_PERMISSIONS
        security.bulk_sync_roles(
            [{"role": "Manager", "perms": viewer + DECIDES}, {"role": "Engineer", "perms": viewer + operator}]
        )
        if not security.find_user(ADMIN):
            security.add_user(ADMIN, "First", "account", "admin@localhost", security.find_role("Admin"), password)
