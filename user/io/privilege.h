/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this process may do: loading and attaching the programs needs CAP_BPF, CAP_NET_ADMIN and
 * CAP_PERFMON. The last one because packet pointers are moved by what the packet says (IPv4 header
 * length, extension headers), which the verifier grants to no others (sanitize_ptr_alu() in
 * kernel/bpf/verifier.c).
 */
#ifndef SYNHOLE_IO_PRIVILEGE_H
#define SYNHOLE_IO_PRIVILEGE_H

#include "base/failure.h"

/* 0, or -EPERM with a sentence that names the capabilities that are missing (capabilities(7)). */
int privilege_check(struct failure *failure);

#endif
