-- Reads: touched_key.
{% if everything %}TRUE{% else %}(record_key IS NULL OR record_key IN (SELECT t.record_key FROM touched_key AS t)){% endif %}
