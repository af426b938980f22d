#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends SYNs as scanners and other systems than this one send them, and as they repeat them.

The formats are published: masscan's templ-tcp-hdr and templ-pkt, ZMap's module_tcp_synscan and
packet.c (since 4.1 with Windows' options), nmap's tcp_connect probes; p0f's p0f.fp and RFC 9293's
implementations for macOS and Windows.
"""
import argparse
import ipaddress
import random
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True
from syn import SYN, checksum, frame  # pylint: disable=wrong-import-position

MSS = b"\x02\x04\x05\xb4"
WINDOWS_OPTIONS = MSS + b"\x01\x03\x03\x08\x01\x01\x04\x02"


def macos_options(now):
    stamp = struct.pack("!II", 0x51000000 + int(now * 1000), 0)
    return MSS + b"\x01\x03\x03\x06\x01\x01\x08\x0a" + stamp + b"\x04\x02\0\0"


class Stack:
    """When it sends (in seconds after the first), and what changes between two of a connection."""

    def __init__(self, times, ttl, window, options, ip_id, new_port=False):
        self.times, self.ttl, self.window = times, ttl, window
        self.options, self.ip_id, self.new_port = options, ip_id, new_port


# Options are a function of the time, the IP-ID one of the number of the SYN.
STACKS = {
    "masscan": Stack((0, 1, 2), 255, 1024, lambda now: MSS, lambda i: 0x5A17),
    "zmap": Stack((0,), 255, 65535, lambda now: WINDOWS_OPTIONS, lambda i: random.randrange(65536)),
    "zmap-probes": Stack((0, 0, 0), 255, 65535, lambda now: WINDOWS_OPTIONS,
                         lambda i: random.randrange(65536)),
    "nmap": Stack((0, 1), 47, 1024, lambda now: MSS, lambda i: random.randrange(65536), True),
    "bare": Stack((0,), 64, 1024, lambda now: b"", lambda i: 54321),
    "macos": Stack((0, 1, 2), 64, 65535, macos_options, lambda i: 0),
    "windows": Stack((0, 1, 3), 128, 64240, lambda now: WINDOWS_OPTIONS, lambda i: 0x3000 + 7 * i),
}


def segment(stack, source, target, sport, dport, seq, now):
    options = stack.options(now)
    header = struct.pack("!HHIIBBHHH", sport, dport, seq, 0, (20 + len(options)) << 2, SYN,
                         stack.window, 0, 0) + options
    pseudo = source.packed + target.packed + struct.pack("!IHBB", len(header), 0, 0, 6)
    return header[:16] + struct.pack("!H", checksum(pseudo + header)) + header[18:]


def packet(stack, i, source, target, payload):
    if target.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(payload), socket.IPPROTO_TCP, stack.ttl)
        return head + source.packed + target.packed + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), stack.ip_id(i), 0, stack.ttl,
                       socket.IPPROTO_TCP, 0) + source.packed + target.packed
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dev", required=True, help="send out of this interface ...")
    parser.add_argument("--to", required=True, help="... to this MAC address")
    parser.add_argument("--port", type=int, default=993)
    parser.add_argument("stack", choices=STACKS)
    parser.add_argument("target", type=ipaddress.ip_address)
    return parser.parse_args()


def main():
    args = arguments()
    stack = STACKS[args.stack]
    source = ipaddress.ip_address("2001:db8:7::9" if args.target.version == 6 else "192.0.2.9")
    sport, seq = random.randrange(40000, 60000), random.randrange(1 << 32)
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind((args.dev, 0))
    began = time.monotonic()
    for i, at in enumerate(stack.times):
        time.sleep(max(0, began + at - time.monotonic()))
        if stack.new_port:
            sport, seq = sport + 1, random.randrange(1 << 32)
        now = time.monotonic() - began
        payload = segment(stack, source, args.target, sport, args.port, seq, now)
        link.send(frame(packet(stack, i, source, args.target, payload), args.to, []))


if __name__ == "__main__":
    main()
