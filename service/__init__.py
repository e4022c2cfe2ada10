"""The shell: everything that touches the world. See README.md.

SQLite before 3.51.3 can corrupt a WAL database when two connections write and checkpoint at once, and DBOS needs
3.42 under Python 3.12 and later; so the newer library takes the standard module's place before anything opens a file.
"""

import sys

try:
    import pysqlite3
except (
    ImportError
):  # no wheel for this platform: `homeshore doctor` and the start-up check judge the standard one
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
