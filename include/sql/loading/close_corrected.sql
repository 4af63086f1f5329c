UPDATE quarantine.record
SET
    state = 'corrected',
    reason = 'a later valid version arrived',
    decided_by = 'registry',
    decided_at = :now
WHERE
    feed = '{{ feed }}'
    AND state = 'open'
    AND {% include "loading/corrected_later.sql" %}
