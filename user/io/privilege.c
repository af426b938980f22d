// SPDX-License-Identifier: GPL-2.0-only
/* What this process may do. */
#include "io/privilege.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/capability.h>

static void free_caps(cap_t *caps)
{
	cap_free(*caps);
}

static bool has(cap_t caps, cap_value_t cap)
{
	cap_flag_value_t value = CAP_CLEAR;

	return cap_get_flag(caps, cap, CAP_EFFECTIVE, &value) == 0 && value == CAP_SET;
}

int privilege_check(struct failure *failure)
{
	static const struct {
		cap_value_t cap;
		bool admin; /* CAP_SYS_ADMIN stands in for it */
		const char *name;
	} needed[] = {
		{CAP_BPF, true, "CAP_BPF"},
		{CAP_PERFMON, true, "CAP_PERFMON"},
		{CAP_NET_ADMIN, false, "CAP_NET_ADMIN"},
	};
	cleanup(free_caps) cap_t caps = cap_get_proc();
	char missing[64] = "";
	int n = 0, count = 0;

	if (!caps)
		return 0; /* the kernel will say */
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (has(caps, needed[i].cap) || (needed[i].admin && has(caps, CAP_SYS_ADMIN)))
			continue;
		n += snprintf(missing + n, sizeof(missing) - (size_t)n, "%s%s", n ? ", " : "",
			      needed[i].name);
		count++;
	}
	if (!count)
		return 0;
	return failure_set(failure, -EPERM,
			   "no permission to watch interfaces: %s %s missing; run as root, or give "
			   "the capabilities CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN",
			   missing, count > 1 ? "are" : "is");
}
