"""Runs a command and writes its seconds, CPU seconds and peak memory in KB to a file.

measure.py FILE COMMAND…
"""
import os
import sys
import time

begin = time.monotonic()
process = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
elapsed = time.monotonic() - begin
with open(sys.argv[1], "w") as file:
    print(f"{elapsed:.3f} {usage.ru_utime + usage.ru_stime:.3f} {usage.ru_maxrss}", file=file)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
