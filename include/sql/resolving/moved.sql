-- Reads: failing, owner. Adds to: failed.
INSERT INTO failed
{% set table = "owner" %}
{% include "resolving/late_failure.sql" %}

