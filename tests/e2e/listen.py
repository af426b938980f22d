#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A server that accepts and hangs up; or one whose queue stays full because it never accepts."""
import argparse
import socket
import time

# IP_TRANSPARENT and IPV6_TRANSPARENT of linux/in.h and linux/in6.h.
TRANSPARENT = {socket.AF_INET: (0, 19), socket.AF_INET6: (41, 75)}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="::", help=":: takes IPv4, too")
    parser.add_argument("--transparent", action="store_true", help="serve what is not ours")
    parser.add_argument("--stuck", type=int, metavar="BACKLOG", help="never accept")
    parser.add_argument("port", type=int)
    return parser.parse_args()


def main():
    args = arguments()
    family = socket.AF_INET6 if ":" in args.address else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if args.transparent:
        server.setsockopt(*TRANSPARENT[family], 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind((args.address, args.port))
    server.listen(64 if args.stuck is None else args.stuck)
    while args.stuck is not None:
        time.sleep(60)
    while True:
        server.accept()[0].close()


if __name__ == "__main__":
    main()
