"""`./registry site`: profiles of hospitals."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from include.basics.visible import visible
from include.running.cli.options import opened, places, report_errors, settings_of
from include.running.cli.quarantine import deciding

if TYPE_CHECKING:
    from include.people.sites.trying import Trial

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def site() -> None:
    """Profiles of hospitals: docs/sites.md."""


@site.command()
@click.argument("name", metavar="[SITE]", required=False)
@AS_JSON
@report_errors
def check(name: str | None, as_json: bool) -> None:
    """Hold profiles and code lists against their schemas; exit code 1 with what is wrong.

    What is only doubtful is told, and no reason for that.
    """
    from include.people.sites.checking import check_all

    found, problems, doubts = check_all(name)
    kinds = {"problems": problems, "doubts": doubts}
    if as_json:
        _print({"sites": found, **{kind: [one.as_row() for one in said] for kind, said in kinds.items()}})
    else:
        for one in (*problems, *doubts):
            click.echo(str(one))
        click.echo(f"{len(found)} profiles, {len(problems)} problems.", err=bool(problems))
    sys.exit(1 if problems else 0)


@site.command()
def schema() -> None:
    """Print the JSON schema of a profile, for editors."""
    from include.definitions.sites import Site

    _print(Site.model_json_schema(by_alias=True))


@site.command(name="try")
@click.argument("name", metavar="SITE")
@click.argument("file", type=FILE)
@click.option("--export", help="Export of the profile; default: those whose `files` fit the path.")
@click.option("--rows", default=5, show_default=True, type=click.IntRange(min=0), help="How many rows to show.")
@AS_JSON
@report_errors
def try_(name: str, file: Path, export: str | None, rows: int, as_json: bool) -> None:
    """Show what a profile makes of a file: first rows, coverage of columns, what each rule says.

    It QUOTES CELLS of the file, and keeps nothing.
    """
    from include.people.sites.trying import plans_for, try_file
    from include.pipeline.mapping import Plans

    trials = [try_file(plan, file, rows) for plan in plans_for(Plans(), name, file, export)]
    if as_json:
        _print([trial.as_json() for trial in trials])
    else:
        for trial in trials:
            _show(trial)


@site.command()
@click.argument("name", metavar="SITE")
@places
@AS_JSON
@report_errors
def diff(name: str, warehouse: str | None, landing: str | None, as_json: bool) -> None:
    """Tell what the profile as it is now would change of what was read by another version; counts, no cells."""
    from include.people.sites.comparing import compare
    from include.pipeline.mapping import Plans

    with opened(warehouse, landing, read_only=False) as registry:
        changes = compare(registry, Plans(), name)
    if as_json:
        _print([change.as_json() for change in changes])
    else:
        _table([{**change.as_json(), "columns": _counts(change.columns)} for change in changes], "No file changes.")


@site.command()
@click.argument("name", metavar="[SITE]", required=False)
@places
@AS_JSON
@report_errors
def unmapped(name: str | None, warehouse: str | None, landing: str | None, as_json: bool) -> None:
    """List codes and units that no list knows, most frequent first."""
    from include.people.sites.unmapped import unmapped as find

    with opened(warehouse, landing, read_only=True) as registry:
        found = [one.as_json() for one in find(registry, name)]
    if as_json:
        _print(found)
    else:
        _table(found, "Everything is mapped.")


@site.command()
@click.argument("name", metavar="SITE")
@click.argument("load_id")
@deciding
@places
@report_errors
def withdraw(name: str, load_id: str, who: str, reason: str, warehouse: str | None, landing: str | None) -> None:
    """Withdraw the rows that a full export lacks; `./registry batch reject` of the file that it tells takes it back.

    What counts and is missing: `./registry show ops.missing_in_full`, its keys: `./registry show ops.missing_key`.
    """
    from include.people.sites.withdrawing import withdraw as withdraw_missing

    settings = settings_of(None, warehouse, landing)
    with opened(warehouse, landing, read_only=False) as registry:
        report = withdraw_missing(registry, settings.landing, name, load_id, who, reason)
    click.echo(f"{report.received} rows are withdrawn by the file {report.load_id}, which is {report.state}.")
    click.echo("Derived tables and marts follow with the next run.")


@site.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--site", "name", default="hospital", show_default=True, help="Name of the site.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write profile and lists to.")
@AS_JSON
@report_errors
def draft(files: Sequence[Path], name: str, out: Path | None, as_json: bool) -> None:
    """Propose a profile from files: columns, formats, frequent values, codes to be confirmed by a person.

    It QUOTES frequent values of coded columns.
    """
    from include.people.sites.drafting import draft as propose

    drafted = propose(name, files)
    if out:
        drafted.write(out)
    if as_json:
        _print(drafted.as_json())
    else:
        click.echo(drafted.text)


def _show(trial: "Trial") -> None:
    click.echo(f"{trial.site}, export {trial.export}, feed {trial.feed}, version {trial.profile_version}")
    click.echo(f"{trial.rows} rows, {trial.unreadable} unreadable, left out: {_counts(trial.left_out) or 'nothing'}")
    if trial.missing_columns:
        click.echo(f"MISSING: {', '.join(trial.missing_columns)}")
    if trial.unknown_columns:
        click.echo(f"Columns that the profile does not name: {visible(', '.join(trial.unknown_columns))}")
    if trial.held:
        click.echo(f"THE FILE WOULD BE HELD: {trial.held}")
    _table([vars(one) for one in trial.coverage], "")
    said = ({**vars(one), "rows": _listed(one.rows), "tests": _listed(one.tests)} for one in trial.rules)
    _table(list(said), "No rule fails.")
    for title, rows in (("Before", trial.before), ("After", trial.after)):
        click.echo(f"{title}:")
        for row in rows:
            click.echo("  " + visible(", ".join(f"{key}={value}" for key, value in row.items())))


def _listed(said: Sequence[Any]) -> str:
    return ", ".join(map(str, said))


def _counts(counts: Any) -> str:
    return ", ".join(f"{name}: {count}" for name, count in counts.items())


def _table(rows: Sequence[dict[str, Any]], nothing: str) -> None:
    if not rows:
        click.echo(nothing)
        return
    import pandas as pd

    from include.people.reporting import print_frame

    print_frame(pd.DataFrame(rows, dtype=object), False)


def _print(said: Any) -> None:
    click.echo(json.dumps(said, indent=2, default=str))
