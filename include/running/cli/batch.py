"""`./registry batch`: files that are held, and what people decide about them."""

import click

from include.running.cli.options import COUNT, COUNT_OR_NONE, opened, places, report_errors
from include.running.cli.quarantine import deciding

STATES = click.Choice(["received", "held", "released", "loaded", "rejected", "superseded", "all"])


@click.group()
def batch() -> None:
    """Files that are held because they are wrong as a whole: list, release, reject."""


@batch.command("list")
@click.option("--state", type=STATES, default="held", show_default=True)
@click.option("--limit", type=COUNT, default=50, show_default=True, help="Most files to show.")
@click.option("--offset", type=COUNT_OR_NONE, default=0, show_default=True, help="Files to skip.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@places
@report_errors
def list_(state: str, limit: int, offset: int, as_csv: bool, warehouse: str | None, landing: str | None) -> None:
    """List files, the newest batch first."""
    from include.people.decisions.reading import Page, list_files
    from include.people.reporting import print_frame

    with opened(warehouse, landing, read_only=True) as registry:
        print_frame(list_files(registry, None if state == "all" else state, Page(limit, offset)), as_csv)


@batch.command()
@click.argument("load_id")
@deciding
@places
@report_errors
def release(load_id: str, who: str, reason: str, warehouse: str | None, landing: str | None) -> None:
    """Load a held file all the same; its failing rows are set aside."""
    from include.people.decisions import release_file
    from include.pipeline.receiving.report import FATES

    with opened(warehouse, landing, read_only=False) as registry:
        report = release_file(registry, load_id, who, reason)
    counts = ", ".join(f"{getattr(report, fate)} {fate}" for fate in ("received", *FATES))
    click.echo(f"The file is {report.state}: {counts}.")
    click.echo("Derived tables and marts follow with the next run.")


@batch.command()
@click.argument("load_id")
@deciding
@places
@report_errors
def reject(load_id: str, who: str, reason: str, warehouse: str | None, landing: str | None) -> None:
    """Never load a held file; release takes it back."""
    from include.people.decisions import reject_file

    with opened(warehouse, landing, read_only=False) as registry:
        report = reject_file(registry, load_id, who, reason)
    click.echo(f"The file is {report.state}: its {report.received} rows count as quarantined.")
