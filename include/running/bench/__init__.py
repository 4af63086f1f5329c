"""`make bench`: the whole run measured against a bare DuckDB script over the same files."""
