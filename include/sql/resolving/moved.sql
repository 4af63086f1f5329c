-- Reads: failing, owner. Adds to: failed.
INSERT INTO failed
{% set table = "owner" %}
{% set rules = rules_of_keys %}
{% include "resolving/late_failure.sql" %}

