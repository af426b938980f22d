// SPDX-License-Identifier: GPL-2.0-only
/* Recordings on the disk: blocks that hold together, files of bounded size, of which some stay. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "cmd/recording.h"
#include "frames/frames.h"

#include <dirent.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define START 1800000000000000000ULL

struct place {
	char directory[64];
	struct recording *recording;
	struct engine *engine;
};

static const struct engine_policy no_policy;

static int setup(void **state)
{
	static struct place place;
	const struct recording_settings settings = {0};
	const struct input_link link = {.ifindex = 3, .name = "eth0", .type = ARPHRD_ETHER};

	frames_build();
	snprintf(place.directory, sizeof(place.directory), "/tmp/synhole-test.XXXXXX");
	assert_non_null(mkdtemp(place.directory));
	assert_int_equal(recording_new(&place.recording, &settings), 0);
	assert_int_equal(engine_new(&place.engine, &no_policy), 0);
	recording_watch(place.recording, &link, "tcx");
	*state = &place;
	return 0;
}

static char *path_in(const struct place *place, const char *name)
{
	static char path[400];

	snprintf(path, sizeof(path), "%s/%s", place->directory, name);
	return path;
}

static int teardown(void **state)
{
	struct place *place = *state;
	DIR *directory = opendir(place->directory);
	const struct dirent *entry;

	while ((entry = readdir(directory)))
		unlink(path_in(place, entry->d_name));
	closedir(directory);
	rmdir(place->directory);
	recording_free(&place->recording);
	engine_free(&place->engine);
	return 0;
}

/* The names there, in order, each with a space behind it. */
static const char *names_in(const struct place *place)
{
	static char names[1024];
	struct dirent **entries;
	int n = scandir(place->directory, &entries, NULL, alphasort);

	names[0] = '\0';
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.') {
			strcat(names, entries[i]->d_name);
			strcat(names, " ");
		}
		free(entries[i]);
	}
	free(entries);
	return names;
}

static void hear(const struct place *place, const struct frame *frame, uint64_t ns)
{
	struct packet_event event = {
		.ifindex = 3, .length = frame->len, .kept = (uint16_t)frame->len};
	struct input in = {.kind = INPUT_PACKET, .now = START + ns, .packet = {&event}};

	memcpy(event.bytes, frame->bytes, frame->len);
	recording_hear(place->recording, &in);
}

static const struct frame *frame_named(const char *name)
{
	for (size_t i = 0; i < frames_count; i++)
		if (strcmp(frames[i].name, name) == 0)
			return &frames[i];
	fail_msg("no vector is called %s", name);
	return NULL;
}

/* Walks through the blocks: each says its length twice, and all but the last two kinds come first.
 * Returns how many packets there are. */
static size_t packets_in(const char *path)
{
	gzFile file = gzopen(path, "rb");
	uint32_t head[2], length, section = 0, interfaces = 0;
	size_t packets = 0;
	char body[4096];

	assert_non_null(file);
	while (gzread(file, head, sizeof(head)) == (int)sizeof(head)) {
		assert_in_range(head[1], 12, sizeof(body));
		assert_int_equal(head[1] % 4, 0);
		assert_int_equal(gzread(file, body, head[1] - 12), head[1] - 12);
		assert_int_equal(gzread(file, &length, sizeof(length)), sizeof(length));
		assert_int_equal(length, head[1]);
		section += head[0] == 0x0a0d0d0a;
		interfaces += head[0] == 1;
		packets += head[0] == 6;
		assert_int_equal(section, 1);
	}
	assert_int_equal(interfaces, 1);
	assert_true(gzeof(file));
	gzclose(file);
	return packets;
}

static uint64_t flush(const struct place *place, uint64_t id, unsigned files, uint64_t bytes)
{
	const struct recording_place where = {place->directory, id, files, bytes};
	struct failure failure;
	uint64_t packets = 99;

	assert_int_equal(recording_flush(place->recording, place->engine, START + 1000,
					 &frame_named("v6")->pkt.dst, &where, &packets, &failure),
			 0);
	return packets;
}

static void test_flush(void **state)
{
	const struct place *place = *state;

	hear(place, frame_named("v6"), 1);
	hear(place, frame_named("v4"), 2);
	hear(place, frame_named("v6 tcp options"), 3);
	assert_int_equal(flush(place, 12, 5, 0), 2);
	assert_string_equal(names_in(place), "12-1.pcapng.gz ");
	assert_int_equal(packets_in(path_in(place, "12-1.pcapng.gz")), 2);
	assert_int_equal(flush(place, 12, 5, 0), 0);
	assert_string_equal(names_in(place), "12-1.pcapng.gz ");
}

/* The first stays, and the newest. What belongs to others is not touched. */
static void test_rotation(void **state)
{
	const struct place *place = *state;

	fclose(fopen(path_in(place, "112-1.pcapng.gz"), "w"));
	fclose(fopen(path_in(place, "12-x.pcapng.gz"), "w"));
	fclose(fopen(path_in(place, "12x7.pcapng.gz"), "w"));
	fclose(fopen(path_in(place, "12-2.pcapng"), "w"));
	for (uint64_t i = 0; i < 5; i++) {
		hear(place, frame_named("v6"), i + 1);
		assert_int_equal(flush(place, 12, 3, 0), 1);
	}
	assert_string_equal(names_in(place), "112-1.pcapng.gz 12-1.pcapng.gz 12-2.pcapng "
					     "12-4.pcapng.gz 12-5.pcapng.gz 12-x.pcapng.gz "
					     "12x7.pcapng.gz ");
}

static void test_size(void **state)
{
	const struct place *place = *state;
	size_t packets = 0;

	for (uint64_t i = 0; i < 100; i++)
		hear(place, frame_named("v6"), i / 3); /* three at a time stay together */
	assert_int_equal(flush(place, 12, 99, 4096), 100);
	for (int i = 1; i < 100; i++) {
		char name[32];

		snprintf(name, sizeof(name), "12-%d.pcapng.gz", i);
		if (access(path_in(place, name), F_OK) < 0) {
			assert_in_range(i, 3, 8);
			break;
		}
		packets += packets_in(path_in(place, name));
	}
	assert_int_equal(packets, 100);
}

/* Nothing is lost by it: later there may be room. */
static void test_failure(void **state)
{
	const struct place *place = *state;
	const struct addr *address = &frame_named("v6")->pkt.dst;
	const struct recording_place nowhere = {path_in(place, "nowhere"), 12, 3, 0};
	struct failure failure = {0};
	uint64_t packets = 99;

	hear(place, frame_named("v6"), 1);
	assert_int_equal(recording_flush(place->recording, place->engine, START, address, &nowhere,
					 &packets, &failure),
			 -ENOENT);
	assert_int_equal(packets, 99);
	assert_non_null(strstr(failure.text, "nowhere"));
	assert_true(recording_has(place->recording, address));
	assert_int_equal(flush(place, 12, 3, 0), 1);
}

/* An interface that went makes room for another only when all places are taken; its packets, whose
 * interface nobody could name any more, do not stop the others. */
static void test_interfaces(void **state)
{
	const struct place *place = *state;
	struct input_link link = {.name = "eth1", .type = ARPHRD_ETHER};

	hear(place, frame_named("v6"), 1);
	recording_gone(place->recording, 3);
	assert_int_equal(flush(place, 12, 3, 0), 1);
	hear(place, frame_named("v6"), 2);
	for (link.ifindex = 100; link.ifindex < 1200; link.ifindex++)
		recording_watch(place->recording, &link, "tcx");
	assert_int_equal(flush(place, 12, 3, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_flush, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rotation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_size, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_interfaces, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
