-- Reads: touched_key.
DELETE FROM resolved.{{ table }}
WHERE feed = '{{ f.name }}' AND {% include "resolving/scope.sql" %}

