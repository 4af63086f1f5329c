"""Reads what people edit, and checks it: nobody else opens these files.

| edited | read by |
|---|---|
| include/contracts | contracts |
| include/expectations | expectations |
| include/sites, or the folder SITES | sites |
| include/reference | include/warehouse/reference.py, which loads it as tables |

`checking` says what can be wrong with them (`./registry check`).
"""
