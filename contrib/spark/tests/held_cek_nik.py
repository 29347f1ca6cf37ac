#!/usr/bin/env python3
"""`cek-nik` that waits, with all its input, until the test lets it go on."""

import hashlib
import os
import socket
import subprocess
import sys

rows = sys.stdin.buffer.read()
digest = hashlib.sha256(b"\n".join(sorted(rows.splitlines()))).hexdigest()
with socket.socket(socket.AF_UNIX) as test:
    test.connect(os.environ["HELD_SOCKET"])
    test.sendall(f"{os.getpid()} {digest}\n".encode())
    test.recv(1)
command = [os.environ["HELD_BINARY"], *sys.argv[1:]]
sys.exit(subprocess.run(command, input=rows, check=False).returncode)
