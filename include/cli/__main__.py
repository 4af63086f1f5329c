"""`python -m include.cli`: exit code 0 = done, 1 = failed, 2 = wrong usage."""

from include.cli.commands import main

main(prog_name="registry")
