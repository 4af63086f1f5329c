-- Makes: asked.
CREATE TEMPORARY TABLE asked (load_id TEXT)
