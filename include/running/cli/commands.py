"""The commands: each calls the same steps as the DAGs' tasks, in one process."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from include.basics.errors import RegistryError
from include.basics.logs import to_json
from include.definitions.contracts import FEEDS
from include.running.cli.batch import batch
from include.running.cli.clean import clean
from include.running.cli.database import backup, migrate, move, restore, roles
from include.running.cli.export import export
from include.running.cli.health import health
from include.running.cli.history import freeze, rebuild, verify
from include.running.cli.options import (
    COUNT,
    COUNT_OR_NONE,
    DAY,
    as_of_day,
    at_day,
    day_of,
    places,
    print_version,
    report_errors,
    settings_of,
)
from include.running.cli.quarantine import quarantine
from include.running.cli.site import site


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=print_version, help="Print what runs."
)
@click.option(
    "--log",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    envvar="LOG_FORMAT",
    help="What the log and errors on standard error are; json = an object a line. Default: LOG_FORMAT, else text.",
)
def main(form: str) -> None:
    """A registry's nightly run on the command line, without Airflow."""
    if form == "json":
        to_json()


main.add_command(backup)
main.add_command(quarantine)
main.add_command(batch)
main.add_command(clean)
main.add_command(export)
main.add_command(freeze)
main.add_command(health)
main.add_command(migrate)
main.add_command(move)
main.add_command(rebuild)
main.add_command(site)
main.add_command(restore)
main.add_command(roles)
main.add_command(verify)


@main.command()
@click.option("--extracts", help="Folder or s3://bucket/prefix; default: EXTRACTS, else var/extracts.")
@places
@click.option("--through", type=DAY, help="Last batch date to pull and load, YYYY-MM-DD.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--strict", is_flag=True, help="Fail when the run held a file or left one where it is.")
@report_errors
def run(
    extracts: str | None,
    warehouse: str | None,
    landing: str | None,
    through: datetime | None,
    as_json: bool,
    strict: bool,
) -> None:
    """Pull, load, derive and refresh whatever there is to do.

    Exit code 0: done, perhaps with files that are held; 1: failed, or with --strict a file was held or left; 2: wrong
    usage.
    """
    from include.people.reporting import print_run
    from include.pipeline.landing import refusal
    from include.running.cli.run import run_steps

    report = run_steps(settings_of(extracts, warehouse, landing), day_of(through))
    print_run(report, as_json)
    if missing := Counter(one.code for one in report.not_pulled if one.is_missing):
        raise refusal(missing)
    if report.failed:
        raise RegistryError("REG-305", f"{len(report.failed)} files failed: {', '.join(report.failed)}.")
    if report.broken_rules:
        raise RegistryError("REG-303", f"Rules cannot be evaluated: {', '.join(report.broken_rules)}.")
    held = sum(load.state == "held" for load in report.loads)
    if strict and (held or report.not_pulled):
        raise RegistryError("REG-117", f"{held} files were held, {len(report.not_pulled)} left where they are.")


@main.command()
@click.argument("table", required=False)
@places
@click.option("--where", help='SQL condition over the table\'s columns, e.g. "grade >= 3".')
@click.option("--limit", type=COUNT_OR_NONE, default=1000, show_default=True, help="Most rows to show; 0 = all.")
@as_of_day
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@report_errors
def show(
    table: str | None,
    warehouse: str | None,
    landing: str | None,
    where: str | None,
    limit: int,
    as_of: datetime | None,
    as_csv: bool,
) -> None:
    """Show TABLE (schema.table), e.g. marts.toxicity; without TABLE, list the tables there are."""
    from include.people.reporting import print_frame
    from include.running.cli.show import list_tables, read_rows

    with at_day(settings_of(None, warehouse, landing), as_of) as settings:
        frame = read_rows(settings, table, where, limit) if table else list_tables(settings)
    print_frame(frame, as_csv)


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to write the extracts to.")
@report_errors
def study(out: Path) -> None:
    """Write the sample study's extracts: a synthetic cohort, six nights."""
    from include.study.sample import write_study

    files = write_study(out)
    click.echo(f"{len(files)} files of the synthetic sample study are in {out}.")


@main.command()
@places
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@report_errors
def loads(warehouse: str | None, landing: str | None, as_csv: bool) -> None:
    """List the ledger: every file, its state and what became of its rows."""
    from include.people.reporting import print_frame
    from include.running.cli.show import read_loads

    print_frame(read_loads(settings_of(None, warehouse, landing)), as_csv)


@main.command()
@places
@click.option(
    "--targets",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON of the printed numbers; default: those of the published study.",
)
@as_of_day
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown tables.")
@report_errors
def paper(
    warehouse: str | None, landing: str | None, targets: Path | None, as_of: datetime | None, as_markdown: bool
) -> None:
    """Set the published study's numbers against the marts', one by one."""
    from include.running.cli.paper import print_paper

    with at_day(settings_of(None, warehouse, landing), as_of) as settings:
        print_paper(settings, targets, as_markdown)


@main.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the figures.")
@places
@as_of_day
@report_errors
def figures(out: Path, warehouse: str | None, landing: str | None, as_of: datetime | None) -> None:
    """Draw the marts for print, as PDF, SVG, PNG and TIFF: survival, hazard ratios, response, courses, toxicity."""
    from include.study.figures import write_figures
    from include.warehouse import open_warehouse

    with (
        at_day(settings_of(None, warehouse, landing), as_of) as settings,
        open_warehouse(settings.warehouse, read_only=True) as opened,
    ):
        written, left_out = write_figures(opened, out)
    click.echo(f"{len(written)} files are in {out}.")
    for name, reason in left_out.items():
        click.echo(f"Not drawn: {name}: {reason}.")


@main.command()
@click.option(
    "--feed", type=click.Choice([*FEEDS, "file"]), help="Only this feed's rules; `file`: those of every file."
)
@click.option("--csv", "form", flag_value="csv", help="Print CSV, with every column.")
@click.option("--json", "form", flag_value="json", help="Print JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Print the page docs/rules.md.")
@report_errors
def rules(feed: str | None, form: str | None) -> None:
    """List the rules: what each asks for, how grave it is, what to do."""
    from include.running.cli.rules import print_rules

    print_rules(feed, form or "table")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print problems and counts as JSON.")
@report_errors
def check(as_json: bool) -> None:
    """Check contracts, suites, thresholds, reference tables and sites' profiles; needs no warehouse."""
    from include.running.cli.rules import print_findings

    print_findings(as_json)


@main.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the report.")
@click.option("--date", "day", type=DAY, help="Batch date of the night; default: the latest.")
@click.option("--format", "formats", default="html,json,csv", show_default=True, help="Which files, comma-separated.")
@places
@as_of_day
@report_errors
def report(
    out: Path, day: datetime | None, formats: str, warehouse: str | None, landing: str | None, as_of: datetime | None
) -> None:
    """Write a night's validation report: one HTML page, and the same as JSON and CSV."""
    from include.people.reporting.validation import FORMATS, write_report
    from include.running.cli.show import refuse_unknown_night
    from include.warehouse import open_warehouse

    wanted = formats.split(",")
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise click.BadParameter(f"there is no format {', '.join(unknown)}", param_hint="--format")
    night = day_of(day)
    with (
        at_day(settings_of(None, warehouse, landing), as_of) as settings,
        open_warehouse(settings.warehouse, read_only=True) as opened,
    ):
        if night:
            refuse_unknown_night(opened, night)
        written = write_report(opened, out, night, wanted)
        if opened.marts_are_stale():
            click.echo("Rules and indicators are those of marts older than the record: ./registry run.", err=True)
    click.echo("\n".join(map(str, written)) or "No file has been delivered yet.")


@main.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the site.")
@click.option(
    "--loads", "most", type=COUNT, default=50, show_default=True, help="How many of the latest loads to show."
)
@places
@report_errors
def docs(out: Path, most: int, warehouse: str | None, landing: str | None) -> None:
    """Build Great Expectations' Data Docs of the latest loads: counts, never a cell."""
    from include.people.reporting.data_docs import build_site
    from include.warehouse import open_warehouse

    with open_warehouse(settings_of(None, warehouse, landing).warehouse, read_only=True) as opened:
        pages = build_site(opened, out, most)
    click.echo(f"{pages} loads are in {out / 'index.html'}.")


@main.command()
@places
@click.option("--csv", "form", flag_value="csv", help="Print CSV.")
@click.option("--json", "form", flag_value="json", help="Print JSON, with the rules that held files fail.")
@report_errors
def alarms(warehouse: str | None, landing: str | None, form: str | None) -> None:
    """List what somebody has to know now: held files, rows set aside, late departments, unusual volume ..."""
    from include.running.cli.alarms import print_alarms

    print_alarms(settings_of(None, warehouse, landing), form or "table")
