#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Calls what matters while a flood goes by: calls.py DEV MAC ROUNDS STRANGERS PID...

Each round is one SYN to each port of each address that is owned or published, and one to each of
so many strangers; rounds go on while the processes live, and at least ROUNDS of them. What the
link refuses is sent again, so what is printed came in: rounds, and one line for each address.
"""
import random
import socket
import struct
import sys
import time

dev, mac, rounds, strangers = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
known = ["2001:db8:1::2", "198.51.100.2", "2001:db8:1::10", "2001:db8:1::11"]
ports = [25, 143, 443, 587, 993, 8443]
heavy = [f"2001:db8:1:0:9000::{i + 1:x}" for i in range(strangers)]
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
link.bind((dev, 0))
ethernet = bytes.fromhex(mac.replace(":", "")) + b"\2\0\0\0\0\1"


def frame(address, port, number):
    tcp = struct.pack(">HHIIBBHHH", 1024 + number % 60000, port, number, 0, 0x50, 2, 1024, 0, 0)
    if ":" in address:
        ip = struct.pack(">IHBB", 6 << 28, 20, socket.IPPROTO_TCP, 60)
        ip += socket.inet_pton(socket.AF_INET6, "2001:db8:7::5") + socket.inet_pton(socket.AF_INET6, address)
        return ethernet + b"\x86\xdd" + ip + tcp
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, number & 0xffff, 0, 60, socket.IPPROTO_TCP, 0)
    ip += socket.inet_aton("192.0.2.5") + socket.inet_aton(address)
    total = sum(struct.unpack(">10H", ip))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ethernet + b"\x08\0" + ip[:10] + struct.pack(">H", ~total & 0xffff) + ip[12:] + tcp


def send(data):
    while True:
        try:
            link.send(data)
            return
        except OSError:  # the queue is full: this one did not get through
            time.sleep(0.0001)


def alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


done = 0
while done < rounds or any(alive(pid) for pid in sys.argv[5:]):
    calls = [(a, p) for a in known for p in ports] + [(a, 993) for a in heavy]
    random.shuffle(calls)
    for address, port in calls:
        send(frame(address, port, done))
    done += 1
print(done)
for address in known:
    print(address, " ".join(map(str, ports)))
