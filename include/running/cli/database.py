"""`./registry roles`, `move` and `migrate`: the warehouse's database itself."""

import click

from include.running.cli.options import places, report_errors, settings_of


@click.command()
@places
@click.option("--sql", "as_sql", is_flag=True, help="Only print the SQL that an administrator runs.")
@report_errors
def roles(warehouse: str | None, landing: str | None, as_sql: bool) -> None:
    """Make PostgreSQL's roles registry_writer, bi_reader and registry_reader, as an administrator; can be run again."""
    from include.warehouse import open_warehouse
    from include.warehouse.access import make_roles, roles_sql

    if as_sql:
        click.echo(roles_sql())
        return
    with open_warehouse(settings_of(None, warehouse, landing).warehouse) as opened:
        if opened.is_duckdb:
            raise click.UsageError("A DuckDB file has no roles: give --warehouse postgresql://...")
        make_roles(opened)
    click.echo("registry_writer, bi_reader and registry_reader are there; give each a password before it signs in.")
