-- One hash of all that the marts are made with but their data: definitions, rules, program and limit of small cells.
SELECT MD5(STRING_AGG(fingerprint, ' ' ORDER BY step ASC))
FROM ops.step
WHERE step IN ('prepare', 'catalogue', 'estimators')
