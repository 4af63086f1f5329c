{% from 'decisions/sharing.sql' import sharing with context %}
-- Makes: chosen_record.
-- Rows in quarantine, and rows that have cells there. Identical rows of other files share the decision: it is about what
-- the row says.
CREATE TEMPORARY TABLE chosen_record AS
{{ sharing() }}
