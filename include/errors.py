"""Errors with stable codes: what, where, what to do. A code is never reused; messages never hold a cell's value."""

CODES: dict[str, str] = {
    "REG-101": "Give a folder or s3://bucket/prefix that exists and can be read.",
    "REG-102": "Give a SQLAlchemy URL such as duckdb:///registry.duckdb or postgresql+psycopg://user@host/base.",
    "REG-103": "Wait until the other process has closed the warehouse, or stop it, then run again.",
    "REG-104": "Name one of the tables that `./registry show` lists.",
    "REG-105": "Correct the condition given to --where; it is SQL over the table's columns.",
    "REG-106": "Run the step again; if it fails again, the log of the database server says which statement it was.",
    "REG-201": "Put the file at <extracts>/<source>/<feed>/<YYYY-MM-DD>/<name>.csv, .csv.gz or .parquet.",
    "REG-203": "Check that the object still exists and that the credentials may read it; the next run tries again.",
    "REG-301": "Ask the department for a readable file: UTF-8, comma-separated, one header row, RFC 4180 quoting.",
    "REG-302": "Ask the department to send the file again under a new name with what the rule asks for.",
    "REG-303": "Correct the suite in include/expectations if it is wrong; the next run tries the file again.",
    "REG-304": "The load is not in the ledger; pull first, then load the ids that the pull returned.",
    "REG-305": "The file was left as received and is tried again by the next run; the others went on.",
    "REG-401": "Correct the file named here; contracts, suites, SQL and reference tables are checked when read.",
    "REG-501": "Give a JSON file of printed numbers like include/paper/targets.json.",
    "REG-701": "Check ALARM_MAIL_TO and the connection smtp_default, or ALARM_WEBHOOK_URL; the next run tells again.",
    "REG-702": "Say why: a release and a rejection need a reason. The question is asked again.",
}


class RegistryError(Exception):
    """An error that says what happened, where, and (by its code) what to do."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what} {CODES[code]}")
        self.code = code
        self.what = what
