"""`python -m include.running.cli`: exit code 0 = done, 1 = failed (REG-... says why), 2 = wrong usage.

A command lives for seconds, and most of what it makes are the modules it imports, which stay: the garbage collector
looks through them less often than it would by itself, which saves a tenth of a night's start.
"""

import gc

from include.running.cli.commands import main

gc.set_threshold(100_000)
main(prog_name="registry")
