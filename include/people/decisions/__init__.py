"""What people decide about records in quarantine and about files, each with who, when and why."""

from include.people.decisions.files import reject_file, release_file
from include.people.decisions.records import (
    Decided,
    note_records,
    override_records,
    reject_records,
    reopen_records,
    replay_records,
    undo_decision,
)
from include.people.decisions.selection import Selection

__all__ = [
    "Decided",
    "Selection",
    "note_records",
    "override_records",
    "reject_file",
    "reject_records",
    "release_file",
    "reopen_records",
    "replay_records",
    "undo_decision",
]
