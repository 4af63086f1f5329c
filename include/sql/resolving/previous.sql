-- Reads: touched_key. Makes: previous.
CREATE TEMPORARY TABLE previous AS
SELECT
    load_id,
    row_number,
    reading,
    patient_id,
    version_state,
    cells_aside
FROM resolved.fate
WHERE feed = '{{ f.name }}' AND {% include "resolving/scope.sql" %}

