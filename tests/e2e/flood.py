#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""SYNs to random addresses of a /64, every hundredth to one of them: flood.py DEV MAC COUNT ADDRESS"""
import os
import socket
import struct
import sys

dev, mac, count, address = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
one = socket.inet_pton(socket.AF_INET6, address)
source = socket.inet_pton(socket.AF_INET6, "2001:db8:7::5")
head = bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1\x86\xdd"
head += struct.pack(">IHBB", 6 << 28, 20, socket.IPPROTO_TCP, 60) + source
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind((dev, 0))
for i in range(count):
    to = one if i % 100 == 0 else one[:8] + os.urandom(8)
    tcp = struct.pack(">HHIIBBHHH", 1024 + i % 60000, 993, i, 0, 0x50, 2, 1024, 0, 0)
    out.send(head + to + tcp)
