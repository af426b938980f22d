#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command on a terminal of its own and prints what is shown there: terminal.py COMMAND..."""
import os
import pty
import sys


def main():
    pid, terminal = pty.fork()
    if not pid:
        os.execvp(sys.argv[1], sys.argv[1:])
    while True:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # EIO: nobody has it open any more
            break
        os.write(1, shown)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main()
