"""How much the tests try that try many things: a little each time, EXAMPLES times as much by `make test-long`."""

import os

TIMES = int(os.environ.get("EXAMPLES", "1"))
