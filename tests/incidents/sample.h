/* SPDX-License-Identifier: GPL-2.0-only */
/* Incidents to test with. */
#ifndef SYNHOLE_TESTS_INCIDENTS_SAMPLE_H
#define SYNHOLE_TESTS_INCIDENTS_SAMPLE_H

#include "core/incident.h"

/* 2026-11-22T14:40:00Z */
#define SAMPLE_BEGAN 1795358400000000000ULL
#define SAMPLE_SECOND 1000000000ULL

/* A black hole that was mended after half an hour. Every member has a value of its own. */
void sample_incident(struct incident *ret_incident, uint64_t id);

/* Every list is full, every text as long as it can be, every number large. */
void sample_full(struct incident *ret_incident);

#endif
