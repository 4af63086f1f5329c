"""`deploy/packages`: for what it ends with 1."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

import pytest

from include.basics.settings import ROOT


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script; its licences are right, and a vulnerability is known."""
    loader = SourceFileLoader("packages", str(ROOT / "deploy" / "packages"))
    spec = spec_from_loader("packages", loader)
    assert spec
    script: Any = module_from_spec(spec)
    loader.exec_module(script)
    monkeypatch.setattr(script, "audit", lambda: 1)
    monkeypatch.setattr(script, "refused", lambda packages: [])
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "STRICT_AUDIT"):
        monkeypatch.setenv(name, "")
    return script


def test_a_vulnerability_of_today_fails_no_build(packages: Any) -> None:
    assert packages.main() == 0


def test_who_wants_it_strict_is_stopped_by_it(packages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRICT_AUDIT", "1")
    assert packages.main() == 1


def test_a_refused_licence_fails_it(packages: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "refused", lambda packages: ["one: its own"])
    assert packages.main() == 1
