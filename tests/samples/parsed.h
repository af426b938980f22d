/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses as tests write them. */
#ifndef SYNHOLE_TESTS_SAMPLES_PARSED_H
#define SYNHOLE_TESTS_SAMPLES_PARSED_H

#include "base/address.h"

/* Ends the test, with a sentence, where `text` is no address. */
struct addr parsed(const char *text);

#endif
