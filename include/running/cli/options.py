"""What the commands have in common: options, the settings they give, errors as one line."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from include.basics.errors import RegistryError
from include.basics.logs import is_json, logger
from include.basics.settings import Settings

if TYPE_CHECKING:
    from include.warehouse import Warehouse

COUNT = click.IntRange(min=1)
COUNT_OR_NONE = click.IntRange(min=0)
DAY = click.DateTime(formats=["%Y-%m-%d"])


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Print a RegistryError as one line on standard error and exit with 1."""

    @functools.wraps(command)
    def wrapped(**arguments: Any) -> None:
        try:
            command(**arguments)
        except RegistryError as error:
            if is_json():
                logger.error("%s", error, extra={"code": error.code})
            else:
                click.echo(str(error), err=True)
            sys.exit(1)

    return wrapped


def places(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command on a warehouse has."""
    options = [
        click.option("--warehouse", help="SQLAlchemy URL; default: WAREHOUSE, else duckdb:///var/registry.duckdb."),
        click.option("--landing", help="Folder or s3:// of the immutable copies; default: beside the warehouse."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def as_of_day(command: Callable[..., None]) -> Callable[..., None]:
    """The option that shows a past day."""
    return click.option("--as-of", type=DAY, help="As of the end of that day, YYYY-MM-DD: made from the facts.")(
        command
    )


@contextmanager
def at_day(settings: Settings, as_of: datetime | None) -> Iterator[Settings]:
    """The settings themselves, or those of the registry as it was at the end of a day."""
    if as_of is None:
        yield settings
        return
    from include.history import world

    with world(settings, as_of.date()) as past:
        yield past


def settings_of(extracts: str | None, warehouse: str | None, landing: str | None) -> Settings:
    """Settings from the options, where they are given, and the environment."""
    default = Settings.from_environment()
    if warehouse and not landing:
        return Settings.of(extracts or default.extracts, warehouse)
    return Settings(extracts or default.extracts, warehouse or default.warehouse, landing or default.landing)


@contextmanager
def opened(warehouse: str | None, landing: str | None, *, read_only: bool) -> Iterator["Warehouse"]:
    """The warehouse of the options; one that is written to is brought in step first, and its journal at the end."""
    from include.history.journal import write_journal
    from include.warehouse import open_warehouse, prepare

    settings = settings_of(None, warehouse, landing)
    with open_warehouse(settings.warehouse, read_only=read_only) as registry:
        if not read_only:
            prepare(registry)
        yield registry
        if not read_only:
            write_journal(registry, settings)


def day_of(moment: datetime | None) -> date | None:
    """The day of a date option; None without."""
    return moment.date() if moment else None


def print_version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    """The first digits of the hashes of the platform's Python, and of its SQL and contracts, as manifests tell them."""
    if asked:
        from include.pipeline.marts.parquet import versions

        for name, hashed in sorted(versions().items()):
            click.echo(f"{name} {hashed[:12]}")
        context.exit()
