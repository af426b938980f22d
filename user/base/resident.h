/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process that runs for years keeps in memory. */
#ifndef SYNHOLE_BASE_RESIDENT_H
#define SYNHOLE_BASE_RESIDENT_H

/* Gives back what only the start has needed: free heap, and the pages of the program and its
 * libraries, which the kernel reads again from their files when they are wanted. */
void resident_trim(void);

#endif
