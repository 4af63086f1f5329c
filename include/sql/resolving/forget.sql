-- Reads: touched_key.
{% for table in ("fate", "cell", "failure") %}
DELETE FROM resolved.{{ table }}
WHERE feed = '{{ f.name }}' AND {% include "resolving/scope.sql" %};
{% endfor %}
