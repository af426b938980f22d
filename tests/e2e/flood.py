#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""SYNs to random addresses of a /64, every so manieth to one: flood.py DEV MAC COUNT ADDRESS [EVERY [RATE]]

EVERY is 100 if it is left out, 0 for none. RATE is a second, at most.
"""
import os
import socket
import struct
import sys
import time

dev, mac, count, address = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
every = int(sys.argv[5]) if len(sys.argv) > 5 else 100
rate = int(sys.argv[6]) if len(sys.argv) > 6 else 0
one = socket.inet_pton(socket.AF_INET6, address)
source = socket.inet_pton(socket.AF_INET6, "2001:db8:7::5")
head = bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1\x86\xdd"
head += struct.pack(">IHBB", 6 << 28, 20, socket.IPPROTO_TCP, 60) + source
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind((dev, 0))
began = time.monotonic()
for i in range(count):
    if rate and i % 1000 == 0:
        time.sleep(max(0, began + i / rate - time.monotonic()))
    to = one if every and i % every == 0 else one[:8] + os.urandom(8)
    tcp = struct.pack(">HHIIBBHHH", 1024 + i % 60000, 993, i, 0, 0x50, 2, 1024, 0, 0)
    out.send(head + to + tcp)
