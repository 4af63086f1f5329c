"""`./registry alarms`."""

import json

import pytest
from click.testing import CliRunner

from include.people.alarms.telling import assess, remember
from include.running.cli.commands import main
from include.warehouse import open_warehouse, utc_now
from tests.support.ledger import deliver, judge, why

TODAY = utc_now().date()


def run(url: str, *options: str) -> str:
    """The output of the command."""
    result = CliRunner().invoke(main, ["alarms", "--warehouse", url, *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def held_url(prepared_url: str) -> str:
    """A warehouse with a held file, of which the log was told."""
    with open_warehouse(prepared_url) as warehouse:
        deliver(warehouse, "L1", TODAY, "held", 40, finished_at=utc_now(), **why("REG-302"))
        judge(warehouse, "L1", "file.columns.missing", 1, 1, "fail", "critical")
        for message in assess(warehouse, ["log"]):
            remember(warehouse, message)
    return prepared_url


def test_no_alarms(prepared_url: str) -> None:
    assert run(prepared_url) == "There are no alarms.\n"
    assert run(prepared_url, "--json") == "[]\n"
    assert run(prepared_url, "--csv") == "severity,cause,batch_date,source,subject,told,what\n"


def test_an_alarm_is_a_line_with_the_channels_that_know_it(held_url: str) -> None:
    line = f"critical,held,{TODAY},laboratory,L1,log,results: load L1 is held and 40 rows wait. REG-302: failed"

    assert run(held_url, "--csv").splitlines()[1:] == [line]
    assert "L1" in run(held_url)


def test_programs_get_the_rules_as_well(held_url: str) -> None:
    (alarm,) = json.loads(run(held_url, "--json"))

    assert (alarm["cause"], alarm["subject"]) == ("held", "L1")
    assert alarm["rules"] == [{"rule_id": "file.columns.missing", "rows_failed": 1, "rows_checked": 1}]
