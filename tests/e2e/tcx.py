#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""How many programs tcx has on an interface, on the way in and out: BPF_PROG_QUERY of bpf(2), which
bpftool 7.1 does not make for tcx."""
import ctypes
import platform
import socket
import struct
import sys

BPF_PROG_QUERY, INGRESS, EGRESS = 16, 46, 47
NUMBERS = {"x86_64": 321, "aarch64": 280}


def count(ifindex, attach_type):
    libc = ctypes.CDLL(None, use_errno=True)
    attr = ctypes.create_string_buffer(struct.pack("=IIIIQIxxxx", ifindex, attach_type, 0, 0, 0, 0), 64)
    if libc.syscall(NUMBERS[platform.machine()], BPF_PROG_QUERY, attr, 64) < 0:
        sys.exit("bpf: errno %d" % ctypes.get_errno())
    return struct.unpack_from("=I", attr, 24)[0]


index = socket.if_nametoindex(sys.argv[1])
print(count(index, INGRESS), count(index, EGRESS))
