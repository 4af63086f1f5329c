-- What the rules that rows of a file fail said of the feed's last five loaded files, the latest first.
WITH earlier AS (
    SELECT
        l.load_id,
        ROW_NUMBER() OVER (ORDER BY l.batch_date DESC, l.file_order DESC, l.delivery DESC) AS age
    FROM ops.file_state AS l
    INNER JOIN received.file AS this
        ON l.feed = this.feed AND l.source = this.source AND l.site = COALESCE(this.site, '')
    WHERE this.load_id = :load_id AND l.load_id <> :load_id AND l.state = 'loaded' AND l.batch_date <= this.batch_date
)

SELECT
    v.rule_id,
    e.age,
    100.0 * v.rows_failed / NULLIF(v.rows_checked, 0) AS percent
FROM earlier AS e
INNER JOIN ops.validation_result AS v ON e.load_id = v.load_id
INNER JOIN ops.validation_result AS here ON v.rule_id = here.rule_id
WHERE e.age <= 5 AND here.load_id = :load_id AND here.rows_failed > 0
ORDER BY v.rule_id ASC, e.age ASC
