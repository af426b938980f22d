#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""From the first SYN to a published stranger to the line that says so: latency.py DEV MAC RUNS COMMAND...

COMMAND runs on a terminal of its own. Once it has begun, 2001:db8:1::1:1 and those after it are
called, once each; a line must name each. Prints median, 99th percentile and most in milliseconds.
"""
import os
import pty
import random
import select
import signal
import socket
import struct
import sys
import time

dev, mac, runs, command = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((dev, 0))


def frame(address, number):
    tcp = struct.pack(">HHIIBBHHH", 1024 + number, 993, number, 0, 0x50, 2, 1024, 0, 0)
    ip = struct.pack(">IHBB", 6 << 28, 20, socket.IPPROTO_TCP, 60)
    ip += socket.inet_pton(socket.AF_INET6, "2001:db8:7::5")
    ip += socket.inet_pton(socket.AF_INET6, address)
    return bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1\x86\xdd" + ip + tcp


def call(data):
    while True:
        try:
            link.send(data)
            return
        except OSError:  # the queue is full: it did not get through
            pass


def wait_for(text, seconds):
    """What is shown until the text is; ends the program if it never is."""
    shown, end = b"", time.monotonic() + seconds
    while text not in shown:
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            os.kill(pid, signal.SIGKILL)
            sys.exit(f"no line with {text!r} in {seconds} s: {shown[-500:]!r}")
        shown += os.read(terminal, 65536)


pid, terminal = pty.fork()
if not pid:
    os.execvp(command[0], command)
wait_for(b" SYNs", 30)  # the progress: it watches, and the names are asked
quiet = time.monotonic() + 2.5
while time.monotonic() < quiet:  # what is said of names that nobody has called
    if select.select([terminal], [], [], 0.1)[0]:
        os.read(terminal, 65536)
took = []
for i in range(runs):
    address = f"2001:db8:1::1:{i + 1:x}"
    data = frame(address, i)
    time.sleep(random.uniform(0.005, 0.03))
    began = time.monotonic()
    call(data)
    wait_for(f"blackhole\x1b[0m: r{i + 1}.example.org publishes {address},".encode(), 10)
    took.append((time.monotonic() - began) * 1000)
os.kill(pid, signal.SIGKILL)
took.sort()
print(f"{took[len(took) // 2]:.2f} {took[len(took) * 99 // 100 - 1]:.2f} {took[-1]:.2f}")
