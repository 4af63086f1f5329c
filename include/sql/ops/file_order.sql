-- A file's name as people order it: each number in it is filled up to twenty digits, so part_9 comes before part_10.
-- The name itself follows: part_9 and part_09 are two files.
REGEXP_REPLACE(
    REGEXP_REPLACE({{ file_name }}, '([0-9]+)', '00000000000000000000\1', 'g'), '[0-9]*([0-9]{20})', '\1', 'g'
) || ' ' || {{ file_name }}
