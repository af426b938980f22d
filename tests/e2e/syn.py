#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sends TCP segments that no kernel would: as frames, or up from a tun device.

Each has its own source port and sequence number, so COUNT of them are COUNT attempts.
"""
import argparse
import fcntl
import ipaddress
import os
import socket
import struct

SYN, ACK = 2, 16
ETH_P_IP, ETH_P_IPV6, ETH_P_8021Q = 0x0800, 0x86DD, 0x8100
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp(source, target, sport, dport, flags):
    header = struct.pack("!HHIIBBHHH", sport, dport, 0x1000 + sport, 0, 5 << 4, flags, 64240, 0, 0)
    pseudo = source.packed + target.packed + struct.pack("!IHBB", len(header), 0, 0, 6)
    return header[:16] + struct.pack("!H", checksum(pseudo + header)) + header[18:]


def packet(source, target, segment):
    if target.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(segment), socket.IPPROTO_TCP, 64)
        return head + source.packed + target.packed + segment
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0, 64, socket.IPPROTO_TCP, 0)
    head += source.packed + target.packed
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + segment


def ethertype(payload):
    return ETH_P_IPV6 if payload[0] >> 4 == 6 else ETH_P_IP


def frame(payload, to, vlans):
    tags = b"".join(struct.pack("!HH", ETH_P_8021Q, vlan) for vlan in vlans)
    header = bytes.fromhex(to.replace(":", "")) + b"\x02\0\0\0\0\x01"
    return header + tags + struct.pack("!H", ethertype(payload)) + payload


def sender(args):
    if args.tun:
        tun = open_tun(args.tun)
        return lambda payload: os.write(tun, payload)
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind((args.dev, 0))
    if args.to:
        return lambda payload: link.send(frame(payload, args.to, args.vlan))
    return lambda payload: link.sendto(payload, (args.dev, ethertype(payload)))


def open_tun(name):
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TUN | IFF_NO_PI))
    return tun


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dev", help="send out of this interface ...")
    parser.add_argument("--to", help="... to this MAC address; without it the link has none")
    parser.add_argument("--vlan", type=int, action="append", default=[])
    parser.add_argument("--tun", help="let packets come in by this tun device")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--port", type=int, default=993)
    parser.add_argument("--synack", action="store_true")
    parser.add_argument("target", type=ipaddress.ip_address)
    return parser.parse_args()


def main():
    args = arguments()
    source = ipaddress.ip_address("2001:db8:7::9" if args.target.version == 6 else "192.0.2.9")
    send = sender(args)
    for i in range(args.count):
        segment = tcp(source, args.target, 20000 + i, args.port, SYN | (ACK if args.synack else 0))
        send(packet(source, args.target, segment))


if __name__ == "__main__":
    main()
