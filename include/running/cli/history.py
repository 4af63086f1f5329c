"""`./registry verify`, `freeze` and `rebuild`: what the facts say, beside what is stored and what was kept."""

import sys
from datetime import datetime
from pathlib import Path

import click

from include.basics.errors import RegistryError
from include.running.cli.options import DAY, day_of, places, report_errors, settings_of

OUT = click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of freezes; default: var/freezes."
)


@click.command()
@places
@report_errors
def verify(warehouse: str | None, landing: str | None) -> None:
    """Make everything again from the facts in a scratch file and compare: exit 0, or 1 with what differs.

    The journal of decisions beside the landing area is held against the decisions of the warehouse, and the landed
    copies against the ledger.
    """
    from include.history import verify as verify_facts
    from include.history.journal import check_journal
    from include.history.landed import check_landed, told_of

    settings = settings_of(None, warehouse, landing)
    wrong = check_journal(settings)
    differences = verify_facts(settings)
    damaged = check_landed(settings)
    for difference in differences:
        keys = "; ".join(", ".join(map(str, key)) for key in difference.keys)
        click.echo(f"{difference.table}: {difference.rows} rows differ{f' ({keys})' if keys else ''}")
    for told in wrong:
        click.echo(f"journal of decisions: {told}")
    for copy in damaged:
        said = "is missing" if copy.is_missing else "is not what was received"
        click.echo(f"landed copy of load {copy.load_id}: {copy.landing_uri} {said}")
    if damaged:
        click.echo(told_of(damaged))
    if differences or wrong or damaged:
        sys.exit(1)
    click.echo("Everything is what the facts make.")


class Freezing(click.Group):
    """`freeze NAME` writes a freeze; `freeze list` and `freeze verify NAME` are commands of their own."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A first word that is no command is the name of a new freeze."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["write", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=Freezing)
def freeze() -> None:
    """Keep the marts for a paper: `freeze NAME [--as-of DATE]`, `freeze list`, `freeze verify NAME`."""


@freeze.command(hidden=True)
@click.argument("name")
@click.option("--as-of", type=DAY, help="As of the end of that day, YYYY-MM-DD; default: all that there is.")
@OUT
@places
@report_errors
def write(name: str, as_of: datetime | None, out: Path | None, warehouse: str | None, landing: str | None) -> None:
    """Write the marts as Parquet with a manifest; nothing is written to a freeze again."""
    from include.history.freeze import freeze as write_freeze

    folder = write_freeze(settings_of(None, warehouse, landing), name, day_of(as_of), out)
    click.echo(f"The freeze {name} is in {folder}.")


@freeze.command("list")
@OUT
@report_errors
def list_(out: Path | None) -> None:
    """List the freezes there are."""
    from include.history.freeze import list_freezes

    for one in list_freezes(out):
        as_of = f"as of {one.as_of}" if one.as_of else "of all extracts"
        click.echo(f"{one.name}: {as_of}, data to {one.data_cutoff_date}, {one.tables} marts")


@freeze.command("verify")
@click.argument("name")
@OUT
@report_errors
def verify_(name: str, out: Path | None) -> None:
    """Compare a freeze's files with its manifest: exit 0, or 1 with those that changed."""
    from include.history.freeze import verify_freeze

    frozen = verify_freeze(name, out)
    for file in frozen.wrong:
        click.echo(f"{file} is not as it was written.")
    if frozen.wrong:
        sys.exit(1)
    click.echo(f"{frozen.name}: all {frozen.tables} marts are as they were written.")


@click.command()
@places
@report_errors
def rebuild(warehouse: str | None, landing: str | None) -> None:
    """Make a new warehouse from the landed files and the journal of decisions alone: give --warehouse and --landing."""
    from include.history.rebuild import rebuild as rebuild_warehouse

    if not warehouse or not landing:
        raise click.UsageError("Say --warehouse (a new one) and --landing (of the old one).")
    report = rebuild_warehouse(settings_of(None, warehouse, landing))
    click.echo(f"{report.files} files and {report.decisions} decisions are in the new warehouse.")
    if report.failed:
        raise RegistryError("REG-305", f"{len(report.failed)} files failed: {', '.join(report.failed)}.")
