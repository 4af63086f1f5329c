"""`./registry export`: rows of persons in the formats of others."""

from datetime import datetime
from pathlib import Path

import click

from include.running.cli.options import as_of_day, at_day, places, report_errors, settings_of


@click.group()
def export() -> None:
    """Write ROWS OF PERSONS in a format of others: only for those who may see them.

    On PostgreSQL whoever may read the tables may export; on DuckDB EXPORTS must name the format.
    """


OUT = click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder to make; it must not be there."
)


@export.command()
@OUT
@places
@as_of_day
@report_errors
def cbioportal(out: Path, warehouse: str | None, landing: str | None, as_of: datetime | None) -> None:
    """Write a clinical study for cBioPortal: one row a treated patient, and what happened to each.

    Patients have keys of this export alone, times are days and months since the first procedure. These are rows of
    persons all the same: whoever knows a course finds the patient. Needs EXPORTS=cbioportal on DuckDB.
    """
    from include.pipeline.exporting import export_cbioportal
    from include.pipeline.exporting.permission import refuse_unpermitted

    settings = settings_of(None, warehouse, landing)
    refuse_unpermitted(settings, "cbioportal")
    with at_day(settings, as_of) as told:
        patients = export_cbioportal(told, out)
    click.echo(f"{patients} treated patients are in {out}. These are rows of persons: keep them as such.")


@export.command()
@OUT
@places
@as_of_day
@report_errors
def omop(out: Path, warehouse: str | None, landing: str | None, as_of: datetime | None) -> None:
    """Write the OMOP Common Data Model 5.4 as CSV: persons, what happened to them, treatment cycles as episodes.

    Persons have numbers of this export alone; all dates of a person are moved back by 1 to 52 weeks. These are rows of
    persons all the same. Needs EXPORTS=omop on DuckDB. `unmapped.csv` counts the terms without a concept,
    `left_out.csv` the rows that the model cannot hold, such as a person without a date of birth.
    """
    from include.pipeline.exporting import export_omop
    from include.pipeline.exporting.permission import refuse_unpermitted

    settings = settings_of(None, warehouse, landing)
    refuse_unpermitted(settings, "omop")
    with at_day(settings, as_of) as told:
        report = export_omop(told, out)
    click.echo(f"{report.persons} persons are in {out}. These are rows of persons: keep them as such.")
    if report.left_out:
        left_out = ", ".join(f"{rows} of {table}" for table, rows in sorted(report.left_out.items()))
        click.echo(f"Rows that the model cannot hold are left out: {left_out} (left_out.csv).")
    click.echo(f"{len(report.unmapped)} terms in {report.unmapped.total()} rows have no concept yet: unmapped.csv.")
