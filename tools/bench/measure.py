#!/usr/bin/env python3
"""Runs a command some times, its output thrown away, and prints the least elapsed time and the least
processor time of a run, both in microseconds and of all its processes, and the most memory that one of them
had, in KB: no less than Python's own, some 14 MB, which the system counts for what Python starts.

    measure.py RUNS COMMAND [ARGUMENT...]
"""
import os
import sys
import time

runs, command = int(sys.argv[1]), sys.argv[2:]
nowhere = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
wall, cpu, peak = [], [], []
for _ in range(runs):
    begin = time.monotonic()
    _, _, used = os.wait4(os.posix_spawnp(command[0], command, os.environ, file_actions=nowhere), 0)
    wall.append(time.monotonic() - begin)
    cpu.append(used.ru_utime + used.ru_stime)
    peak.append(used.ru_maxrss)
print(round(min(wall) * 1e6), round(min(cpu) * 1e6), max(peak))
