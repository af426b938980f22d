// SPDX-License-Identifier: GPL-2.0-only
/* What a process that runs for years keeps in memory. */
#include "base/resident.h"

#include <link.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Segments that cannot be written are as they are in the file (madvise(2), MADV_DONTNEED). */
static int trim(struct dl_phdr_info *object, size_t size, void *data)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + segment->p_vaddr;
		uintptr_t to = (from + segment->p_memsz) & ~(page - 1);

		from = (from + page - 1) & ~(page - 1);
		if (segment->p_type == PT_LOAD && !(segment->p_flags & PF_W) && from < to)
			madvise((void *)from, to - from, MADV_DONTNEED);
	}
	return 0;
}

void resident_trim(void)
{
	malloc_trim(0);
	dl_iterate_phdr(trim, NULL);
}
