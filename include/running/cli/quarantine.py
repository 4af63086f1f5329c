"""`./registry quarantine`: records and cells that failed a rule or wait, and what people decide about them."""

import getpass
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import click

from include.definitions.contracts import FEEDS
from include.running.cli.options import COUNT, COUNT_OR_NONE, opened, places, report_errors

if TYPE_CHECKING:
    from include.people.decisions import Selection
    from include.warehouse import Warehouse

STATES = click.Choice(["open", "waiting", "corrected", "overridden", "rejected", "all"])


@click.group()
def quarantine() -> None:
    """Records and cells that failed a rule, and records that wait for their patient.

    List, show, override, reject, reopen, undo, replay, note.
    """


def selecting(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which records; the command gets them as one `selection`."""
    options = [
        click.option("--load", "load_id", help="Load of the record."),
        click.option("--row", "row_number", type=COUNT, help="Row of the load's file."),
        click.option("--site", help="Site."),
        click.option("--source", help="Department."),
        click.option("--feed", type=click.Choice(FEEDS), help="Feed."),
        click.option("--rule", "rule_id", help="A rule that the record failed."),
        click.option("--key", "record_key", help="Key of the record."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def deciding(command: Callable[..., None]) -> Callable[..., None]:
    """Who decides, and why."""
    command = click.option("--reason", required=True, help="Why; kept in the audit trail. No value of the row.")(
        command
    )
    return click.option("--by", "who", default=getpass.getuser, help="Who decides; default: the login name.")(command)


@quarantine.command("list")
@selecting
@click.option("--state", type=STATES, default="open", show_default=True)
@click.option("--limit", type=COUNT, default=50, show_default=True, help="Most records to show.")
@click.option("--offset", type=COUNT_OR_NONE, default=0, show_default=True, help="Records to skip.")
@click.option("--cells", is_flag=True, help="List cells that are set aside alone; their rows are in the record.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@places
@report_errors
def list_(
    state: str,
    limit: int,
    offset: int,
    cells: bool,
    as_csv: bool,
    warehouse: str | None,
    landing: str | None,
    **of: Any,
) -> None:
    """List records without their values, the newest batch first."""
    from include.people.decisions.reading import Page, list_cells, list_records
    from include.people.reporting import print_frame

    selection = _selection({**of, "state": None if state == "all" else state})
    with opened(warehouse, landing, read_only=True) as registry:
        listed = list_cells if cells else list_records
        print_frame(listed(registry, selection, Page(limit, offset)), as_csv)


@quarantine.command()
@click.argument("load_id")
@click.argument("row_number", type=int)
@places
@report_errors
def show(load_id: str, row_number: int, warehouse: str | None, landing: str | None) -> None:
    """Show a record whole, or a row with cells set aside: as it came, the rules it fails, what to do, its history."""
    from include.people.decisions.reading import read_record
    from include.people.reporting.records import print_record

    with opened(warehouse, landing, read_only=True) as registry:
        print_record(read_record(registry, load_id, row_number))


@quarantine.command()
@selecting
@deciding
@places
@report_errors
def override(who: str, reason: str, warehouse: str | None, landing: str | None, **of: Any) -> None:
    """Declare the values of open records and cells right although a rule fails them: they load.

    With --rule that rule alone. It ends when a value that the rule judges changes.
    """
    from include.people.decisions import override_records

    _decide(override_records, _writing(warehouse, landing), of, who, reason)


@quarantine.command()
@selecting
@deciding
@places
@report_errors
def reject(who: str, reason: str, warehouse: str | None, landing: str | None, **of: Any) -> None:
    """Set open or waiting records aside for good, with every row that says the same."""
    from include.people.decisions import reject_records

    _decide(reject_records, _writing(warehouse, landing), of, who, reason)


@quarantine.command()
@selecting
@deciding
@places
@report_errors
def reopen(who: str, reason: str, warehouse: str | None, landing: str | None, **of: Any) -> None:
    """Withdraw a rejection or an override: the records are judged again."""
    from include.people.decisions import reopen_records

    _decide(reopen_records, _writing(warehouse, landing), of, who, reason)


@quarantine.command()
@selecting
@deciding
@places
@report_errors
def note(who: str, reason: str, warehouse: str | None, landing: str | None, **of: Any) -> None:
    """Note something for the department about open or waiting records: it stands in the letter, and decides nothing."""
    from include.people.decisions import note_records

    _decide(note_records, _writing(warehouse, landing), of, who, reason)


@quarantine.command()
@selecting
@places
@report_errors
def replay(warehouse: str | None, landing: str | None, **of: Any) -> None:
    """Judge open records again after a rule was mended; those that pass load. Without options: all of them."""
    from include.people.decisions import replay_records

    selection = _selection(of)
    with _writing(warehouse, landing) as registry:
        _say(replay_records(registry, selection))


@quarantine.command()
@click.option("--limit", type=COUNT, default=50, show_default=True, help="Most decisions to show.")
@click.option("--offset", type=COUNT_OR_NONE, default=0, show_default=True, help="Decisions to skip.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@places
@report_errors
def decisions(limit: int, offset: int, as_csv: bool, warehouse: str | None, landing: str | None) -> None:
    """List what people decided, the latest first, with the number by which each can be undone."""
    from include.people.decisions.reading import Page, list_decisions
    from include.people.reporting import print_frame

    with opened(warehouse, landing, read_only=True) as registry:
        print_frame(list_decisions(registry, Page(limit, offset)), as_csv)


@quarantine.command()
@click.argument("decision", type=COUNT)
@deciding
@places
@report_errors
def undo(decision: int, who: str, reason: str, warehouse: str | None, landing: str | None) -> None:
    """Take back a decision about records, with all rows that it was about."""
    from include.people.decisions import undo_decision

    with _writing(warehouse, landing) as registry:
        undo_decision(registry, decision, who, reason)
    click.echo(f"Decision {decision} is undone.")
    click.echo("Derived tables and marts follow with the next run.")


def _writing(warehouse: str | None, landing: str | None) -> "AbstractContextManager[Warehouse]":
    return opened(warehouse, landing, read_only=False)


def _decide(
    decision: Callable[..., Any],
    opening: "AbstractContextManager[Warehouse]",
    of: dict[str, Any],
    who: str,
    reason: str,
) -> None:
    selection = _selection(of)
    if selection.is_everything:
        raise click.UsageError("Say which records: --load and --row, --rule, --key, --feed, --source or --site.")
    with opening as registry:
        _say(decision(registry, selection, who, reason))


def _selection(of: dict[str, Any]) -> "Selection":
    """The selection of the options; a department or a rule that there is not is wrong usage."""
    from include.definitions.contracts import sources
    from include.definitions.expectations.described import described_rules
    from include.people.decisions.selection import Selection

    if of["source"] and of["source"] not in sources():
        raise click.BadParameter(f"the departments are {', '.join(sources())}", param_hint="--source")
    if of["rule_id"] and of["rule_id"] not in {rule["rule_id"] for rule in described_rules()}:
        raise click.BadParameter("there is no such rule; see `./registry rules`", param_hint="--rule")
    return Selection(**of)


def _say(decided: Any) -> None:
    now = ", ".join(f"{count} {state}" for state, count in decided.states.items())
    number = f" Decision {decided.decision_id}: undo takes it back." if decided.decision_id else ""
    click.echo(f"{decided.records} records{': now ' if now else ''}{now}.{number}")
    click.echo("Derived tables and marts follow with the next run.")
