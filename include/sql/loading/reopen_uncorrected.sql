-- The inverse of close_corrected: the version that corrected these records is valid no more.
UPDATE quarantine.record
SET
    state = 'open',
    reason = NULL,
    decided_by = NULL,
    decided_at = NULL
WHERE
    feed = '{{ feed }}'
    AND state = 'corrected'
    AND reason = '{{ later_version }}'
    AND record_key IN (SELECT m.record_key FROM {{ moved }} AS m)
    AND NOT {% include "loading/corrected_later.sql" %}
