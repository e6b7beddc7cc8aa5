"""Runs a program on a pseudo terminal and prints what it shows, a Base64 line a piece: for tests of what a person types and sees."""

import base64
import os
import pty
import select
import sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    if 0 in ready:
        typed = os.read(0, 65536)
        if not typed:
            break
        os.write(terminal, typed)
    if terminal in ready:
        try:
            seen = os.read(terminal, 65536)
        except OSError:
            break
        if not seen:
            break
        print(base64.b64encode(seen).decode(), flush=True)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
