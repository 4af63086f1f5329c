"""The whole study as it is in the end: the last valid version of every row, feed by feed."""

from functools import cache

from include.study.sample.clinic import patients, treatments, visits
from include.study.sample.events import adverse_events
from include.study.sample.imaging import exams_and_lesions
from include.study.sample.laboratory import results
from include.study.sample.pathology import reports
from include.study.sample.rows import KEY, Row
from include.study.sample.sessions import procedures


@cache
def histories() -> dict[str, dict[str, Row]]:
    """Feed to key to row."""
    exams, lesions = exams_and_lesions()
    feeds = {
        "results": results(),
        "exams": exams,
        "lesions": lesions,
        "procedures": procedures(),
        "reports": reports(),
        "patients": patients(),
        "visits": visits(),
        "treatments": treatments(),
        "adverse_events": adverse_events(),
    }
    return {feed: {row[KEY[feed]]: row for row in rows} for feed, rows in feeds.items()}
