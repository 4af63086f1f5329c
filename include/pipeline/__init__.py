"""The way of the data, in the order of its steps: each is a folder here, and its SQL a folder of include/sql.

1. landing: pulls every new or replaced object, copies and hashes it, enters it in the ledger; names are left out.
2. staging: a landed file becomes typed, numbered rows in temporary tables. Of a hospital with a profile it is read by
   formats, whose readers know a format and no hospital, and by mapping, which knows the profile and no format.
3. validation: Great Expectations' rules judge the rows inside the engine; counts alone leave it.
4. receiving: one transaction a feed appends rows and verdicts of all waiting files; it calls 2 and 3.
5. resolving: facts of touched keys become fates: which version counts, what waits, what is set aside.
6. derivation: touched patients are judged across feeds and derived again.
7. statistics: survival curves, tests and ratios that SQL cannot compute, from derived tables.
8. marts: replaced in one transaction, which calls 7; a snapshot file for readers.
9. exporting: rows of persons in the formats of others, for those who may see them; a person starts it.

Receiving, resolving, derivation and marts are catch-up steps: each asks the warehouse what there is to do and does all
of it. What people decide in between is include/people; who starts the steps is include/running.
"""
