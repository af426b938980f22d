#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A recording of mixed traffic, mostly no SYNs, for replay to be measured with: mixed.py FILE PACKETS"""

import random
import struct
import sys

random.seed(1)
POOL = 20000  # frames, over and over


def tcp(flags, size):
    options = struct.pack(">BBHBBBBIIBBBB", 2, 4, 1460, 4, 2, 8, 10, 7, 0, 1, 3, 3, 7) if flags == 2 else b""
    return struct.pack(">HHIIBBHHH", random.randrange(1024, 65536), random.choice([25, 80, 443, 443, 443, 993, 8080]),
                       random.randrange(2**32), 0, (20 + len(options)) // 4 << 4, flags, 64240, 0,
                       0) + options + b"x" * size


def packet(protocol, payload):
    if random.random() < 0.4:
        return 0x86dd, struct.pack(">IHBB", 6 << 28, len(payload), protocol, 60) + bytes.fromhex(
            "20010db8000700000000000000%06x" % random.randrange(60000)) + bytes.fromhex(
                "20010db80001000000000000000000%02x" % random.randrange(1, 21)) + payload
    return 0x0800, struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), random.randrange(65536), 0x4000, 60, protocol,
                               0) + bytes((203, 0, 113, random.randrange(1, 255), 198, 51, 100, random.randrange(
                                   1, 21))) + payload


def frame():
    kind = random.random()
    if kind < 0.03:
        kind, ip = packet(6, tcp(2, 0))
    elif kind < 0.9:
        kind, ip = packet(6, tcp(16, random.choice([0, 0, 0, 50, 200, 600, 1400, 1400])))
    else:
        kind, ip = packet(17, struct.pack(">HHHH", 53, 40000, 128, 0) + b"y" * 120)
    return bytes.fromhex("020000000001020000000002") + struct.pack(">H", kind) + ip


def main(path, packets):
    pool = [frame() for _ in range(POOL)]
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for n in range(0, packets, POOL):
            f.write(b"".join(struct.pack("<IIII", 1700000000 + (n + i) // 100000, (n + i) % 100000 * 10, len(p), len(p))
                             + p for i, p in enumerate(pool)))


main(sys.argv[1], int(sys.argv[2]))
