CREATE INDEX IF NOT EXISTS {{ name }}_changed ON {{ table }} (load_id) WHERE state <> audited_state
