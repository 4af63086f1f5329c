"""`./registry paper` on an empty registry: everything differs, and that is an answer."""

import pytest
from click.testing import CliRunner

from include.running.cli.commands import main


@pytest.mark.parametrize("options", [[], ["--markdown"]])
def test_an_empty_registry_has_none_of_the_numbers(prepared_url: str, options: list[str]) -> None:
    result = CliRunner().invoke(main, ["paper", "--warehouse", prepared_url, *options])
    assert result.exit_code == 0, result.output
    assert "186 targets: 0 same, 186 differ, 0 cannot be." in result.output
    assert ("| T1.sex.male | Male | 25/52 |  | differs |" in result.output) == bool(options)


def test_a_targets_file_that_is_none_fails(tmp_path_factory: pytest.TempPathFactory) -> None:
    missing = tmp_path_factory.mktemp("targets") / "none.json"
    result = CliRunner().invoke(main, ["paper", "--targets", str(missing)])
    assert result.exit_code == 1
    assert "REG-501" in result.output
