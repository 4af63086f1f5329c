DELETE FROM clinical.{{ feed }}
WHERE "{{ key }}" IN (SELECT record_key FROM contested)
