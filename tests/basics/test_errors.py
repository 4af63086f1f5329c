"""The runbook has one row for each code there is, and no command that the command line does not take."""

import re
import shlex

import click

from include.basics.errors import CODES
from include.basics.settings import ROOT
from include.running.cli.commands import main

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def test_each_code_has_one_row_in_the_runbook() -> None:
    rows = re.findall(r"^\| (REG-\d{3}) \|", RUNBOOK, re.MULTILINE)
    assert sorted(rows) == sorted(CODES)


def test_each_command_of_the_runbook_can_be_given() -> None:
    commands = re.findall(r"`R ([^`]+)`", RUNBOOK) + re.findall(r"^R ([^#\n]+)", RUNBOOK, re.MULTILINE)
    assert {command: why for command in commands if (why := refused(shlex.split(command)))} == {}


def refused(words: list[str]) -> str:
    """Why the command line does not take a command; empty = it does."""
    command: click.Command = main
    try:
        while isinstance(command, click.Group):
            _, found, words = command.resolve_command(click.Context(command), words)
            assert found
            command = found
        command.make_context(command.name, words)
    except click.ClickException as error:
        return error.format_message()
    return ""
