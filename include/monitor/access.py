"""Who asks, and what the person may: Airflow's own login and permissions.

Everybody who is signed in sees counts. Cells of a row, and decisions, are for those who may enter events of assets: the
roles Manager, Engineer and Admin, not Viewer.
"""

from typing import Annotated
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, HTTPException, Request


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
    own = urlsplit(str(request.base_url)).netloc
    origin = urlsplit(request.headers.get("origin", "")).netloc
    if site != "same-origin" if site else origin not in ("", own):
        raise HTTPException(403)


def name_of(user: GetUserDep) -> str:
    """The person's name and id, as decisions by Airflow's own pages have them."""
    name, number = user.get_name(), str(user.get_id())
    return name if name == number else f"{name} ({number})"
