"""Alarms: what somebody has to know of a night, told once a cause and again only when its state changes.

They are computed from stored counts. The steps are those of the DAG `watch`: `assess` says which messages are due,
`tell` hands them to a channel, `remember` notes which it accepted.
"""

from include.people.alarms.steps import assess, is_late, remember, tell

__all__ = ["assess", "is_late", "remember", "tell"]
