{% from 'decisions/sharing.sql' import sharing with context %}
-- How many rows a decision about a selection would be about, with those that say the same.
SELECT COUNT(*)
FROM (
    {{ sharing() }}
) AS shared
