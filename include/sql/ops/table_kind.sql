SELECT table_type
FROM information_schema.tables
WHERE table_schema = :table_schema AND table_name = :table_name
