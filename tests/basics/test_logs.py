"""The log as JSON lines: kinds, codes and places, and no text that could quote a cell."""

import json
import subprocess
import sys

import pytest

from include.basics.errors import RegistryError
from include.basics.logs import logger, timed, to_json

CELL = "SECRET-CELL"


def lines_of(code: str) -> list[dict[str, object]]:
    """What a process logs that runs some lines."""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    return [json.loads(line) for line in ended.stderr.splitlines()]


def test_a_warning_is_told_by_kind_and_place() -> None:
    (line,) = lines_of(
        f"import warnings\nfrom include.basics.logs import to_json\nto_json()\nwarnings.warn('{CELL}', UserWarning)"
    )

    assert (line["message"], line["code"], line["place"]) == ("warning", "UserWarning", "<string>:4")
    assert CELL not in json.dumps(line)


def test_what_nobody_expected_is_told_by_kind_and_place() -> None:
    (line,) = lines_of(
        "from include.basics.logs import to_json\nto_json()\n"
        f"from include.definitions import contracts\ncontracts.Contract('{CELL}')"
    )
    assert (line["message"], line["code"]) == ("failed", "TypeError")
    (line,) = lines_of(
        "from include.basics.logs import to_json\nto_json()\n"
        f"from include.definitions.checking.reading import number_of\nnumber_of('{CELL}')"
    )
    assert str(line["place"]).startswith("include/definitions/checking/reading.py:")
    assert CELL not in json.dumps(line)


@pytest.mark.parametrize(("error", "code"), [(RegistryError("REG-301", CELL), "REG-301"), (KeyError(CELL), "KeyError")])
def test_a_failed_step_has_a_code(capsys: pytest.CaptureFixture[str], error: Exception, code: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        for name in ("warnings.showwarning", "sys.excepthook"):
            patched.setattr(name, None)
        for name, value in (("handlers", []), ("propagate", True), ("level", 0)):
            patched.setattr(logger, name, value)
        to_json()
        with pytest.raises(type(error)), timed("load"):
            raise error

    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (line["step"], line["message"], line["code"]) == ("load", "failed", code)
    assert CELL not in json.dumps(line)
