"""The channels are pointed to real receivers."""

from collections.abc import Iterator

import pytest

from tests.support.receivers import Hook, Mailbox, mail_server, web_server


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server that the channel `mail` uses."""
    with mail_server() as (box, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield box


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    """A web server that the channel `webhook` uses, asked again without a pause."""
    monkeypatch.setattr("include.people.alarms.webhook.WAIT", lambda _state: 0)
    with web_server() as (server, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield server
