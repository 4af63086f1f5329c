UPDATE quarantine.record
SET
    state = 'corrected',
    reason = '{{ later_version }}',
    decided_by = 'registry',
    decided_at = :now
WHERE
    feed = '{{ feed }}'
    AND state = 'open'
    AND {% include "loading/corrected_later.sql" %}
