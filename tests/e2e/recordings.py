#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Recordings of all that can stand before a SYN, by scapy: recordings.py DIRECTORY"""

import itertools
import random
import struct
import sys

from scapy.all import (ARP, AH, CookedLinux, Dot1AD, Dot1Q, Ether, ICMP, ICMPv6DestUnreach, IP, IPOption_RR,
                       IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop,
                       IPv6ExtHdrRouting, PadN, Raw, TCP, UDP)

random.seed(20261122)
IPV4, IPV6 = 0x0800, 0x86dd
times = itertools.count(1700000000 * 10**9, 1000003)


def ipv4(number, options=()):
    return IP(src="203.0.113.%d" % random.randrange(1, 250), dst="198.51.100.%d" % number, options=list(options))


def ipv6(number):
    return IPv6(src="2001:db8:7::%x" % random.randrange(1, 60000), dst="2001:db8:1::%x" % number)


def tcp(flags="S", port=None):
    return TCP(sport=random.randrange(1024, 65535), dport=port or random.choice([25, 80, 443, 993]), flags=flags,
               seq=random.randrange(2**32), options=random.choice([[], [("MSS", 1460)], [
                   ("MSS", 1460), ("SAckOK", b""), ("Timestamp", (7, 0)), ("NOP", None), ("WScale", 7)]]))


def pad(size):
    return PadN(optdata=b"\0" * size)


def packets():
    """IP packets, of which about half are SYNs."""
    for n in range(1, 40):
        flags = random.choice(["S", "S", "SEC", "SP", "SU", "A", "PA", "SA", "R", "RA", "FA", "SF", "SR", "SRF", ""])
        yield ipv4(n) / tcp(flags)
        yield ipv6(n) / tcp(flags)
        yield ipv4(n, [IPOption_RR(routers=["0.0.0.0"] * random.randrange(1, 9))]) / tcp()
        yield ipv4(n) / UDP(sport=53, dport=4000) / Raw(b"x" * random.randrange(200))
        yield ipv6(n) / IPv6ExtHdrHopByHop(options=[pad(random.randrange(4, 60))]) / tcp()
        yield ipv6(n) / IPv6ExtHdrDestOpt(options=[pad(random.randrange(4, 200))]) / tcp(flags)
        yield (ipv6(n) / IPv6ExtHdrHopByHop(options=[pad(4)]) / IPv6ExtHdrRouting(segleft=0, addresses=[])
               / IPv6ExtHdrDestOpt(options=[pad(4)]) / tcp())
        yield ipv6(n) / AH(nh=6, icv=b"\0" * 12, spi=1, seq=n) / tcp()
        yield ipv4(n) / ICMP(type=3, code=1) / (ipv4(n + 100) / tcp())
        yield ipv6(n) / ICMPv6DestUnreach() / (ipv6(n + 100) / tcp())
        # The first fragment of a SYN with data, and the rest of it.
        body = bytes(tcp() / Raw(b"d" * 64))
        body += b"\0" * (-len(body) % 8)
        for offset, more in ((0, 1), (64, 0)):
            part = Raw(body[offset:offset + 64])
            yield IP(src="203.0.113.9", dst="198.51.100.%d" % n, id=n, proto=6, frag=offset // 8,
                     flags="MF" if more else 0) / part
            yield ipv6(n) / IPv6ExtHdrFragment(id=n, offset=offset // 8, m=more, nh=6) / part


def ethernet(packet):
    frame = Ether(dst="02:00:00:00:00:01", src="02:00:00:00:00:02")
    tags = random.choice([[], [], [Dot1Q(vlan=7)], [Dot1AD(vlan=9), Dot1Q(vlan=7)], [Dot1Q(vlan=9), Dot1Q(vlan=7)]])
    for tag in tags:
        frame /= tag
    return bytes(frame / packet)


def is_ipv6(packet):
    return isinstance(packet, IPv6)


def sll(packet):
    kind = IPV6 if is_ipv6(packet) else IPV4
    return bytes(CookedLinux(pkttype=0, lladdrtype=1, lladdrlen=6, src=b"\2\0\0\0\0\2", proto=kind) / packet)


def sll2(packet):
    kind = IPV6 if is_ipv6(packet) else IPV4
    return struct.pack(">HHIHBB8s", kind, 0, 3, 1, 0, 6, b"\2\0\0\0\0\2") + bytes(packet)


def null(packet):
    return struct.pack("<I", 30 if is_ipv6(packet) else 2) + bytes(packet)


def loop(packet):
    return struct.pack(">I", 24 if is_ipv6(packet) else 2) + bytes(packet)


def pcap(path, link, frames, snaplen=262144, order="<", nano=False):
    with open(path, "wb") as f:
        f.write(struct.pack(order + "IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link))
        for frame in frames:
            t = next(times)
            kept = frame[:snaplen]
            f.write(struct.pack(order + "IIII", t // 10**9, t % 10**9 // (1 if nano else 1000), len(kept), len(frame)))
            f.write(kept)


def block(order, kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack(order + "II", kind, len(body) + 12) + body + struct.pack(order + "I", len(body) + 12)


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + b"\0" * (-len(value) % 4)


def pcapng(path, order="<"):
    """Interfaces that differ in all that they can differ in, simple packets, and blocks of no concern."""
    links = [(1, 0, b"\x09", ethernet), (101, 96, b"\x06", bytes), (276, 0, b"\x94", sll2), (113, 80, None, sll),
             (0, 0, b"\x03", null)]
    with open(path, "wb") as f:
        for section in range(2):
            f.write(block(order, 0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1)
                          + option(order, 4, b"recordings.py") + option(order, 0, b"")))
            for n, (link, snaplen, resolution, _) in enumerate(links):
                body = struct.pack(order + "HHI", link, 0, snaplen) + option(order, 2, b"if%d" % n)
                f.write(block(order, 1, body + (option(order, 9, resolution) if resolution else b"")))
            f.write(block(order, 0x0bad, b"nobody knows this block" * 100000))
            for i, packet in enumerate(packets()):
                n = i % len(links)
                frame = links[n][3](packet)
                kept = frame[:links[n][1]] if links[n][1] else frame
                if n == 0 and i % 3 == 0:
                    f.write(block(order, 3, struct.pack(order + "I", len(frame)) + frame))
                    continue
                t = next(times) // 1000
                f.write(block(order, 6, struct.pack(order + "IIIII", n, t >> 32, t & 0xffffffff, len(kept),
                                                    len(frame)) + kept + b"\0" * (-len(kept) % 4)
                              + option(order, 1, b"a comment") + option(order, 0, b"")))
            order = ">" if order == "<" else "<"


def main(directory):
    links = {"ethernet": (1, ethernet), "raw": (101, bytes), "sll": (113, sll), "sll2": (276, sll2),
             "null": (0, null), "loop": (108, loop)}
    for name, (link, frame) in links.items():
        pcap("%s/%s.pcap" % (directory, name), link, map(frame, packets()))
    for snaplen in (48, 50, 54, 64, 68, 74, 96):
        pcap("%s/snap-%d.pcap" % (directory, snaplen), 1, map(ethernet, packets()), snaplen)
    pcap("%s/swapped.pcap" % directory, 1, map(ethernet, packets()), order=">")
    pcap("%s/nano.pcap" % directory, 1, map(ethernet, packets()), nano=True)
    pcapng("%s/all.pcapng" % directory)
    pcapng("%s/swapped.pcapng" % directory, ">")


main(sys.argv[1])
