-- Makes: new_reading.
CREATE TEMPORARY TABLE new_reading AS
SELECT
    load_id,
    reading,
    TRUE AS is_new
FROM received.reading
WHERE FALSE
