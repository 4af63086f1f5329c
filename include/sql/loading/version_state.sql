-- Of the key's owner the last valid version is current; a preliminary one does not replace a final one.
    CASE
        WHEN validity <> 'valid' THEN validity
        WHEN
            is_of_owner
            AND ROW_NUMBER() OVER (
                PARTITION BY record_key, validity, is_of_owner
                ORDER BY CASE WHEN status = 'preliminary' THEN after_final ELSE 0 END ASC, version_order DESC
            ) = 1
            THEN 'current'
        ELSE 'past'
    END
