/* SPDX-License-Identifier: GPL-2.0-only */
/* A mend, written in each of the forms in which hosts are configured. */
#ifndef SYNHOLE_CORE_MEND_FORMS_H
#define SYNHOLE_CORE_MEND_FORMS_H

#include "core/mend.h"

enum mend_form {
	MEND_IPROUTE2, /* now, until the next boot */
	MEND_NETWORKD,
	MEND_NIXOS,
	MEND_NETPLAN,
	MEND_IFUPDOWN,
	MEND_NMCLI,
	MEND_FORMS,
};

/* Where a link is configured. */
struct mend_place {
	enum mend_form form;
	char file[256];	     /* the file that configures the link, "" where not known */
	char connection[64]; /* NetworkManager's, "" where not known */
};

#define MEND_LINES 16
#define MEND_LINE 320

struct mend_text {
	char file[288]; /* where the lines go; "": into a root shell */
	char lines[MEND_LINES][MEND_LINE];
	size_t count;
	char apply[MEND_LINE]; /* what makes it so, in a root shell; "": nothing */
	char note[MEND_LINE];  /* what the form cannot say, a sentence; "": it says all */
};

/* Writes nothing where nothing is lacking, or the link is not known. ROUTER stands for a gateway
 * that is not known. Names of links are quoted as each form wants it, and hold any other bytes as
 * they are: escape the lines where they are printed. */
void mend_write(const struct mend *mend, const struct mend_place *place,
		struct mend_text *ret_text);

/* "iproute2", "networkd", "nixos", "netplan", "ifupdown", "nmcli"; the last of each is NULL. */
extern const char *const mend_form_names[MEND_FORMS + 1];

#endif
