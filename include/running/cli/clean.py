"""`./registry clean`: logs and reports that nobody needs any more."""

import click

from include.running.cli.options import COUNT, places, report_errors, settings_of


@click.command()
@click.option("--older-than", "days", type=COUNT, required=True, help="Age in days.")
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@places
@report_errors
def clean(days: int, dry_run: bool, warehouse: str | None, landing: str | None) -> None:
    """Remove old logs and reports, and what a killed copy left. What was received or decided is never removed."""
    from include.running.cleaning import clean as remove

    found = remove(settings_of(None, warehouse, landing), days, dry_run=dry_run)
    if dry_run:
        click.echo("\n".join(map(str, found)) or "Nothing is that old.")
    else:
        click.echo(f"{len(found)} files and empty folders were removed.")
