"""Mounts the registry's pages at `/monitor/` in Airflow's API server, and puts them into its menu."""

from functools import cache

from airflow.plugins_manager import AirflowPlugin
from starlette.types import ASGIApp, Receive, Scope, Send


@cache
def pages() -> ASGIApp:
    """The application; made when the first page is asked for, since every component of Airflow loads this file."""
    from include.monitor.app import make_app

    return make_app()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand the request to the pages."""
    await pages()(scope, receive, send)


class Monitor(AirflowPlugin):
    """The pages of include/monitor."""

    name = "registry_monitor"
    fastapi_apps = [{"app": app, "url_prefix": "/monitor", "name": "registry_monitor"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "Registry", "href": "/monitor/", "url_route": "registry", "destination": "nav"}
    ]
