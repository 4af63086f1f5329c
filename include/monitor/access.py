"""Who asks, and what the person may: Airflow's own login and permissions. What only some may see is kept as a look.

Everybody who is signed in sees counts. Cells of a row, and decisions, are for those who may enter events of assets: the
roles Manager, Engineer and Admin, not Viewer.
"""

import json
from typing import Annotated, Any
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.base_user import BaseUser
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.models.log import Log
from airflow.utils.session import create_session
from fastapi import Depends, HTTPException, Request

ROW_SEEN = "registry_row_seen"
LIST_SEEN = "registry_list_seen"
"""The events in Airflow's audit log: the cells of a row; a list, a sheet or a chart with what only some may see."""


def may_decide(user: GetUserDep) -> bool:
    """Whether the person may see cells and decide."""
    return bool(get_auth_manager().is_authorized_asset(method="POST", user=user))


MayDecide = Annotated[bool, Depends(may_decide)]


def deciding(allowed: MayDecide) -> None:
    """Refuse (403) who may not see cells or decide."""
    if not allowed:
        raise HTTPException(403)


def from_own_page(request: Request) -> None:
    """Refuse (403) what a page of somebody else sends with the person's cookie; 415 for anything but JSON."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415)
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = urlsplit(str(request.base_url)).netloc
    if site != "same-origin" if site else origin is not None and urlsplit(origin).netloc != own:
        raise HTTPException(403)


def name_of(user: BaseUser) -> str:
    """The person's name and id, as decisions by Airflow's own pages have them."""
    name, number = user.get_name(), str(user.get_id())
    return name if name == number else f"{name} ({number})"


def note_look(user: BaseUser, event: str, **where: Any) -> None:
    """Keep in Airflow's audit log who saw what: where it lies, nothing that it says. Empty values are left out."""
    with create_session() as session:
        seen = json.dumps({name: value for name, value in where.items() if value not in (None, "")})
        session.add(Log(event, owner=str(user.get_id()), owner_display_name=user.get_name(), extra=seen))
