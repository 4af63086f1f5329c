"""Mounts the registry's pages at `/monitor/` in Airflow's API server, and puts them into its menu."""

from asyncio import to_thread
from functools import cache
from threading import Lock, Thread

from airflow.plugins_manager import AirflowPlugin
from starlette.types import ASGIApp, Receive, Scope, Send

_one_at_a_time = Lock()


def pages() -> ASGIApp:
    """The application; made when the API server has started, since every component of Airflow loads this file."""
    with _one_at_a_time:
        return _made()


@cache
def _made() -> ASGIApp:
    from include.monitor.app import make_app

    return make_app()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand the request to the pages; the server answers others while these are made."""
    await (await to_thread(pages))(scope, receive, send)


def warmed(server: ASGIApp) -> ASGIApp:
    """The API server as it is, which calls this once when it starts: the first page need not wait for the imports."""
    Thread(target=_warm, name="registry pages", daemon=True).start()
    return server


def _warm() -> None:
    pages()
    from include.monitor.warming import warm

    warm()


class Monitor(AirflowPlugin):
    """The pages of include/monitor."""

    name = "registry_monitor"
    fastapi_apps = [{"app": app, "url_prefix": "/monitor", "name": "registry_monitor"}]  # noqa: RUF012
    fastapi_root_middlewares = [{"middleware": warmed, "name": "registry_monitor"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {"name": "Registry", "href": "/monitor/", "url_route": "registry", "destination": "nav"}
    ]
