"""Errors with stable codes: what, where, what to do. A code is never reused; messages never hold a cell's value."""

from include.basics.visible import visible

CODES: dict[str, str] = {
    "REG-101": "Give a folder or s3://bucket/prefix that exists and can be read.",
    "REG-102": "Give a SQLAlchemy URL such as duckdb:///registry.duckdb or postgresql://user@host/base.",
    "REG-103": "Wait until the other process has closed the warehouse, or stop it, then run again.",
    "REG-104": "Name one of the tables that `./registry show` lists.",
    "REG-105": "Correct the condition given to --where: one SQL expression over the table's columns that only reads.",
    "REG-106": "Run the step again; if it fails again: the server's log is silent about statements, and "
    "docs/postgresql.md says how an administrator sees this one.",
    "REG-107": "Give the batch date of a file that `./registry loads` lists.",
    "REG-108": "Correct the setting, or take it away: docs/running.md and .env.example say what each one is.",
    "REG-111": "Let SMALL_CELL be 0 (everything is told) or a whole number from 2 on.",
    "REG-112": "Check user and password in WAREHOUSE, or in PGPASSWORD or ~/.pgpass, and the server's pg_hba.conf.",
    "REG-113": "Create the database (createdb), or correct its name in WAREHOUSE.",
    "REG-114": "Check host and port in WAREHOUSE, that the server runs, and the network between; the next run "
    "tries again.",
    "REG-115": "Use the account that owns the warehouse, or let its owner grant the right; of a file, check owner and "
    "mode of it and of its folder.",
    "REG-116": "Make room where the warehouse and SCRATCH are (on PostgreSQL: at the server); the next run tries "
    "again.",
    "REG-117": "With --strict a run fails that held or left files: `./registry batch list` shows those that are held, "
    "`./registry alarms` all that waits for somebody.",
    "REG-118": "End sessions that nobody needs, or raise max_connections of the server or of the account; the next run "
    "tries again.",
    "REG-119": "Ask for less, or raise statement_timeout of the account; or somebody has cancelled it: run it again.",
    "REG-120": "Check that the server speaks TLS, that sslrootcert in WAREHOUSE names whom it is trusted by, and that "
    "WAREHOUSE names the host as its certificate does.",
    "REG-121": "End that process, or let it end its transaction (docs/postgresql.md); then run again.",
    "REG-122": "Let an administrator run in the warehouse's database what `./registry roles --sql` prints.",
    "REG-123": "Give --to a PostgreSQL database without files, and run a night on the DuckDB file before.",
    "REG-124": "Use the newer version of the platform, or a backup of the warehouse from before it.",
    "REG-125": "Use PostgreSQL 15 or later without a pooler between, and a database of its own that was made with "
    "`createdb --encoding=UTF8 --template=template0`.",
    "REG-126": "Run `./registry run` with this WAREHOUSE, which makes what is missing; or correct WAREHOUSE, if it "
    "names another database.",
    "REG-131": "Check that LANDING is the warehouse's; run `./registry run`; restore the file from an older "
    "backup, or reject it and have it sent again; then back up again.",
    "REG-132": "Restore from another backup; to go on backing up, begin a new one in an empty folder.",
    "REG-133": "Give --landing a folder or prefix that is empty; if the landing area is whole, only the warehouse is "
    "lost: use `./registry rebuild`.",
    "REG-201": "Put the file at <extracts>/<source>/<feed>/<YYYY-MM-DD>/<name>.csv, .csv.gz or .parquet, a hospital's "
    "where `files` of its profile says; the day is that of the extract, at most tomorrow (UTC).",
    "REG-203": "Check that the object exists, that nobody is writing it and that this account may read it; the next "
    "run tries again.",
    "REG-204": "Make room where the landing area and SCRATCH are; the next run tries again.",
    "REG-205": "Check that LANDING is a folder or s3://bucket/prefix that this account may write; the next run tries "
    "again.",
    "REG-206": "Give the file a shorter name in UTF-8 without NUL characters; the next run tries again.",
    "REG-207": "Restore the landed copy, which the next run then loads; or reject the file and have it sent again.",
    "REG-208": "Put the file or folder itself where the symbolic link is: links out of the extracts, and those in a "
    "circle, are not followed.",
    "REG-209": "Let SCRATCH name a folder that this account owns; by default it is var/scratch of the project.",
    "REG-210": "Create the bucket, or correct its name in EXTRACTS or LANDING.",
    "REG-211": "Allow this account s3:ListBucket and s3:GetObject on EXTRACTS, and s3:PutObject too on LANDING; the "
    "next run tries again.",
    "REG-212": "Set AWS_DEFAULT_REGION, or region_name of the connection S3_CONN_ID, to the bucket's region.",
    "REG-213": "Renew the credentials (AWS_ACCESS_KEY_ID, a profile, a role, the connection S3_CONN_ID) and check this "
    "machine's clock; the next run tries again.",
    "REG-214": "Check AWS_ENDPOINT_URL, that the server runs, and the network between; the next run tries again.",
    "REG-215": "Check that AWS_ENDPOINT_URL begins as the server speaks (http or https), and let AWS_CA_BUNDLE name "
    "the certificates that it is trusted by.",
    "REG-216": "Let S3_CONN_ID name an Airflow connection of type aws (and install the provider amazon), or unset it.",
    "REG-217": "Wait until nobody writes the object; the next run tries again. Else have the file sent again.",
    "REG-218": "Correct `personal` in the site's profile: a column of that name is not in the file; it was not copied.",
    "REG-219": "Correct the site's profile, which `./registry check` says what is wrong with; its files wait until the "
    "next run after that.",
    "REG-220": "Correct the unit or the numbers of the line in the site's list of limits, or add a right unit to "
    "include/reference/unit_conversion.csv; until then the line is not used, and all else is.",
    "REG-301": "Ask for a readable file: as its profile says, else UTF-8, commas, one header row, RFC 4180 quoting.",
    "REG-302": "Ask the department to send the file again under a new name with what the rule asks for.",
    "REG-303": "Correct the suite in include/expectations if it is wrong; the next run tries the file again.",
    "REG-304": "The load is not in the ledger; pull first, then load the ids that the pull returned.",
    "REG-305": "The file was left as received and is tried again by the next run; the others went on.",
    "REG-306": "Ask the department for several smaller files, or raise the limit in include/pipeline/staging/limits.yml"
    " and have it sent again under a new name.",
    "REG-307": "Ask the department for a right export; or release the file, and its failing rows are set aside.",
    "REG-308": "The rows have no key, lack what the contract requires, or fail another rule: override all their rules, "
    "naming none, or ask for corrected versions.",
    "REG-309": "A cell that cannot be read has no value to declare right: ask the department to send the row again, or "
    "reject the row.",
    "REG-310": "Give the site's profile the export back, or reject the file; a later run reads it by the profile then.",
    "REG-311": "Name a site that has a profile in SITES, and one of its exports; `./registry site check` lists them.",
    "REG-312": "Ask for the whole file; if the line of totals counts something else, take the group out of the "
    "expression in `ignored_lines`.",
    "REG-401": "Correct the file named here; contracts, suites, SQL and reference tables are checked when read.",
    "REG-501": "Give a JSON file of printed numbers like include/study/paper/targets.json.",
    "REG-502": "Run `./registry run`, which brings the marts to this version; on PostgreSQL the account must be able "
    "to read them.",
    "REG-601": "A held or rejected file can be released, a held or released one rejected; see docs/deciding.md.",
    "REG-602": "Look up the row with `./registry quarantine list`, the file with `./registry batch list`.",
    "REG-603": "Give a reason; it is kept in the audit trail and must hold no value of the row.",
    "REG-605": "Ask the department for a readable file, and reject this one.",
    "REG-606": "Give your own name with --by; registry is what the platform notes of itself.",
    "REG-607": "Give the number of a decision about records that `./registry quarantine decisions` lists.",
    "REG-608": "Restore the journal of decisions beside the landing area from a backup, or look for who changed it.",
    "REG-609": "Look at the rows again and decide about those: somebody was faster, or other rows came meanwhile.",
    "REG-610": "Decide on the registry's pages in Airflow, or with `./registry quarantine` and `./registry batch`.",
    "REG-701": "Check ALARM_MAIL_TO and the connection smtp_default, or ALARM_WEBHOOK_URL; the next run tells again.",
    "REG-702": "Add the department to LETTER_MAIL_TO; see docs/monitor.md.",
    "REG-801": "Run `./registry run` first, then verify again.",
    "REG-802": "Give a name of letters, digits, - and _ that no freeze has; `./registry freeze list` shows them.",
    "REG-803": "Give the name of a freeze that `./registry freeze list` shows, and its folder with --out.",
    "REG-804": "Rebuild into a warehouse without files: give another --warehouse.",
    "REG-805": "Restore the *.ledger.json files beside the landed ones from a backup, or move such files away.",
    "REG-806": "Let MARTS name a place where nothing else is, in a folder of this account's on a file system with "
    "links; the next run publishes again.",
    "REG-901": "An export is rows of persons: on DuckDB let EXPORTS name its format (EXPORTS=cbioportal), on "
    "PostgreSQL use an account that may read the schemas clinical, derived and reference.",
    "REG-902": "Give a folder that is not there yet with --out.",
    "REG-903": "Nothing was written: the rows do not fit the format; look at the patients' dates in the quarantine.",
}


class RegistryError(Exception):
    """An error that says what happened, where, and (by its code) what to do."""

    def __init__(self, code: str, what: str) -> None:
        what = "\n".join(visible(line) for line in what.split("\n"))
        super().__init__(f"{code}: {what} {CODES[code]}")
        self.code = code
        self.what = what
