"""`./registry roles`, `move`, `migrate`, `backup` and `restore`: the warehouse's database itself."""

from pathlib import Path

import click

from include.basics.errors import RegistryError
from include.running.cli.options import places, report_errors, settings_of


@click.command()
@places
@click.option("--sql", "as_sql", is_flag=True, help="Only print the SQL that an administrator runs.")
@report_errors
def roles(warehouse: str | None, landing: str | None, as_sql: bool) -> None:
    """Make PostgreSQL's roles registry_writer, bi_reader and registry_reader, as an administrator; can be run again."""
    from include.warehouse import open_warehouse
    from include.warehouse.access import make_roles, open_databases, roles_sql

    if as_sql:
        click.echo(roles_sql())
        return
    with open_warehouse(settings_of(None, warehouse, landing).warehouse) as opened:
        if opened.is_duckdb:
            raise click.UsageError("A DuckDB file has no roles: give --warehouse postgresql://...")
        make_roles(opened)
        others = ", ".join(open_databases(opened))
    click.echo("registry_writer, bi_reader and registry_reader are there; give each a password before it signs in.")
    if others:
        click.echo(f"Readers can sign in elsewhere too, and write there: {others} (docs/postgresql.md, Roles).")


@click.command()
@places
@click.option("--to", required=True, help="URL of an empty PostgreSQL database.")
@report_errors
def move(warehouse: str | None, landing: str | None, to: str) -> None:
    """Move a DuckDB warehouse, with everything received and decided, to PostgreSQL; can be run again after a crash."""
    from include.history.move import move as move_warehouse

    settings = settings_of(None, warehouse, landing)
    if not settings.warehouse.startswith("duckdb:") or not to.startswith("postgres"):
        raise click.UsageError("Moves go from a DuckDB file (--warehouse) to PostgreSQL (--to).")
    report = move_warehouse(settings, to)
    click.echo(f"{report.files} files and {report.decisions} decisions are in the new warehouse.")
    click.echo(f"From now on let LANDING be {settings.landing}, and WAREHOUSE the new one; then ./registry verify.")


@click.command()
@places
@click.option("--dry-run", is_flag=True, help="Only print the SQL: it is tried out, and taken back.")
@report_errors
def migrate(warehouse: str | None, landing: str | None, dry_run: bool) -> None:
    """Bring the warehouse in step with this version, as every command that writes does; its rows stay."""
    from include.warehouse import open_warehouse, prepare
    from include.warehouse.preparing import planned
    from include.warehouse.versions import newest

    with open_warehouse(settings_of(None, warehouse, landing).warehouse) as opened:
        if dry_run:
            click.echo("\n".join(f"{statement.strip()};" for statement in planned(opened)) or "-- Nothing is to do.")
            return
        prepare(opened)
    click.echo(f"The warehouse is of version {newest()['version']}.")


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the backup.")
@places
@report_errors
def backup(out: Path, warehouse: str | None, landing: str | None) -> None:
    """Copy what was received and decided to a folder; the same folder again gets what is new since."""
    from include.history.backup import backup as write_backup

    report = write_backup(settings_of(None, warehouse, landing), out)
    click.echo(f"{report.files} files and {report.decisions} decisions are in {out}; {report.copied} copies are new.")


@click.command()
@click.option(
    "--from", "source", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the backup."
)
@click.option("--check", is_flag=True, help="Only read the backup and compare it with its manifest.")
@places
@report_errors
def restore(source: Path, check: bool, warehouse: str | None, landing: str | None) -> None:
    """Make an empty warehouse and landing area what they were when they were backed up; a crash: run it again."""
    from include.history import backup

    if check:
        click.echo(f"All {len(backup.check_backup(source))} copies are as they were written.")
        return
    if not warehouse:
        raise click.UsageError("Say --warehouse: an empty one.")
    report = backup.restore(settings_of(None, warehouse, landing), source)
    click.echo(f"{report.files} files and {report.decisions} decisions are in the new warehouse.")
    if report.failed:
        raise RegistryError("REG-305", f"{len(report.failed)} files failed: {', '.join(report.failed)}.")
