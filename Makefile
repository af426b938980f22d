# SPDX-License-Identifier: GPL-2.0-only
# synhole: make, make run, make check, make demo. Everything that is built lands in build/.

VERSION := 0.1.0
BUILD ?= build
CC ?= gcc
CLANG ?= clang
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/local/sbin/bpftool) bpftool)
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wno-unused-parameter -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla -Werror
USER_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DSYNHOLE_VERSION='"$(VERSION)"' $(WARNINGS) \
	-fstack-protector-strong -Iinclude -Iuser -I$(BUILD)
LIBS := \
	-lbpf -lelf -lz \
	-lcap \
	-lcares -lresolv \
	-lconfuse \
	-ljansson \
	-lmicrohttpd \
	-lmnl \
	-lnftables \
	-lsqlite3 \
	-lsystemd
BPF_CFLAGS := -g -O2 -mcpu=v3 -target bpf -D__bpf__ -Wall -Wextra -Wno-unused-parameter -Werror \
	-Iinclude -Ivmlinux -Ibpf -I/usr/include

# Without root nothing can be installed; packages.sh then says what is missing.
.PHONY: all
all: $(BUILD)/synhole

# ---- the programs in the kernel: objects, linked into one, as one skeleton
# maps.bpf.o comes first: the static linker of libbpf 1.1 gets the others' map offsets wrong else.
$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c
	@mkdir -p $(@D)
	@echo "  BPF     $<"
	@$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

# Apart, because it needs the running kernel's BTF, which takes time and memory to read.
$(BUILD)/synhole.bpf.o: $(patsubst %,$(BUILD)/bpf/%.bpf.o,maps ingress egress)
$(BUILD)/drop.bpf.o: $(patsubst %,$(BUILD)/bpf/%.bpf.o,maps drop)
$(BUILD)/synhole.bpf.o $(BUILD)/drop.bpf.o:
	@echo "  LINK    $@"
	@$(BPFTOOL) gen object $@ $^

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	@$(BPFTOOL) gen skeleton $< name $* > $@

# ---- the program in user space
SOURCES := $(wildcard user/*/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
MAIN := $(BUILD)/user/cmd/main.o
LIBRARY := $(BUILD)/libsynhole.a

$(OBJECTS): | $(BUILD)/synhole.skel.h $(BUILD)/drop.skel.h

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(CFLAGS) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS))
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/synhole: $(MAIN) $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

# ---- the two commands of the README, and the demonstration
NAMES ?=
IF ?=
SECONDS ?= 10

# What root builds by sudo belongs to who called sudo, who may want to build without it next time.
OWN_BUILD := @[ -z "$$SUDO_UID" ] || chown -R "$$SUDO_UID:$$SUDO_GID" $(BUILD)

.PHONY: run
run: packages-build
	@$(MAKE) --no-print-directory all
	$(OWN_BUILD)
	$(BUILD)/synhole capture -d $(SECONDS) $(IF:%=-i %) $(NAMES:%=-n %)

.PHONY: check
check: packages-test
	@$(MAKE) --no-print-directory check-programs
	$(OWN_BUILD)
	@$(MAKE) --no-print-directory check-built

.PHONY: demo
demo: packages-test
	@$(MAKE) --no-print-directory all
	$(OWN_BUILD)
	tests/demo.sh

.PHONY: packages-build packages-test packages-bench
packages-build:
	@tests/packages.sh build
packages-test: packages-build
	@tests/packages.sh test
packages-bench: packages-build
	@tests/packages.sh bench

# ---- tests: what is in tests/unit needs nothing, the others root and namespaces of their own
TEST_CFLAGS := -Itests
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
IO_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/io/test_*.c))
BPF_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bpf/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(FUZZERS:%=$(BUILD)/tests/fuzz/replay_%)
E2E_TESTS := $(wildcard tests/e2e/*.t) tests/bench/exact.t
# What several tests share.
SUPPORT := $(BUILD)/libtests.a
SUPPORT_SOURCES := $(filter-out $(wildcard tests/*/test_*.c tests/*/write_*.c tests/fuzz/*.c tests/bench/*.c),$(wildcard tests/*/*.c))
# What end-to-end tests read, written by programs of their own.
WRITERS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/write_*.c))

$(BUILD)/tests/%.o: USER_CFLAGS += $(TEST_CFLAGS)
$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*/*.c)): | $(BUILD)/synhole.skel.h $(BUILD)/drop.skel.h

$(SUPPORT): $(SUPPORT_SOURCES:%.c=$(BUILD)/%.o)
	@rm -f $@
	@$(AR) rcs $@ $^

$(UNIT_TESTS) $(IO_TESTS) $(BPF_TESTS) $(WRITERS): %: %.o $(SUPPORT) $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -lcmocka $(LIBS) -lpthread -o $@

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay_corpus.o $(SUPPORT) $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LIBS) -o $@

TESTS := tests/layers.sh tests/style.sh tests/situations.sh $(UNIT_TESTS) $(REPLAYS:%=%.t) $(IO_TESTS) $(BPF_TESTS) $(E2E_TESTS)

# prove runs what prints TAP; the corpus goes to its replay by a line of shell.
$(BUILD)/tests/fuzz/replay_%.t: $(BUILD)/tests/fuzz/replay_%
	@printf '#!/bin/sh\nexec %s tests/fuzz/corpus/%s\n' "$<" "$(patsubst fuzz_%,%,$*)" >$@
	@chmod +x $@

.PHONY: check-programs
check-programs: all $(BUILD)/tests/bench/bench_send $(UNIT_TESTS) $(IO_TESTS) $(BPF_TESTS) $(WRITERS) $(REPLAYS:%=%.t)

.PHONY: check-built
check-built: check-programs
	CMOCKA_MESSAGE_OUTPUT=TAP SYNHOLE=$(abspath $(BUILD)/synhole) prove -j2 --timer --exec '' $(TESTS)

# The C tests under ASan and UBSan. The end-to-end tests are left out: they measure memory.
.PHONY: check-sanitized
check-sanitized:
	$(MAKE) BUILD=$(BUILD)/sanitized CC=clang E2E_TESTS= \
		CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined" \
		check-built

# Fuzzes each of TARGETS for SECONDS from its corpus, sanitized, and says how many inputs were run.
# What is new stays in $(BUILD)/fuzz/corpus, what fails in $(BUILD)/fuzz/found.
TARGETS ?= $(FUZZERS:fuzz_%=%)

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(SUPPORT) $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(CFLAGS) -fsanitize=fuzzer $^ $(LIBS) -o $@

.PHONY: fuzz fuzzers
fuzzers: $(TARGETS:%=$(BUILD)/tests/fuzz/fuzz_%)
fuzz:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang fuzzers \
		CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined"
	tests/fuzz/run.sh $(BUILD)/fuzz $(SECONDS) $(TARGETS)

# Boots other kernels in an emulator; takes minutes, needs qemu.
.PHONY: check-kernels
check-kernels: all $(BUILD)/tests/bench/bench_verifier $(BUILD)/tests/io/test_rtnl_route
	tests/kernels/run.sh

# ---- what the packet path costs, beside its peers; writes $(BUILD)/bench.txt
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))

$(BUILD)/bench.bpf.o: tests/bench/bench.bpf.c
	@mkdir -p $(@D)
	@echo "  BPF     $<"
	@$(CLANG) $(BPF_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/tests/bench/rig.o $(BENCHES:%=%.o): | $(BUILD)/bench.skel.h

$(BENCHES): %: %.o $(BUILD)/tests/bench/rig.o $(SUPPORT) $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $^ -lcmocka $(LIBS) -o $@

.PHONY: bench
bench: packages-bench
	@$(MAKE) --no-print-directory all $(BENCHES)
	tests/bench/run.sh $(BUILD)

# ---- installing: what `make` has built, below DESTDIR
PREFIX ?= /usr/local
SBINDIR := $(PREFIX)/sbin
MANDIR := $(PREFIX)/share/man
SHAREDIR := $(PREFIX)/share/synhole
UNITDIR := $(if $(filter /usr,$(PREFIX)),/lib,$(PREFIX)/lib)/systemd/system
SYSUSERSDIR := $(PREFIX)/lib/sysusers.d
TMPFILESDIR := $(PREFIX)/lib/tmpfiles.d
CONFDIR := /etc/synhole

INSTALLED := $(SBINDIR)/synhole $(MANDIR)/man8/synhole.8 $(MANDIR)/man5/synhole.conf.5 \
	$(UNITDIR)/synhole.service $(SYSUSERSDIR)/synhole.conf $(TMPFILESDIR)/synhole.conf \
	$(SHAREDIR)/synhole.rules.yml $(SHAREDIR)/synhole.dashboard.json $(SHAREDIR)/synhole.conf

# An administrator's configuration stays as it is.
.PHONY: install
install: all
	install -D -m 755 $(BUILD)/synhole $(DESTDIR)$(SBINDIR)/synhole
	install -D -m 644 docs/synhole.8 $(DESTDIR)$(MANDIR)/man8/synhole.8
	install -D -m 644 docs/synhole.conf.5 $(DESTDIR)$(MANDIR)/man5/synhole.conf.5
	sed 's,@SBINDIR@,$(SBINDIR),' packaging/synhole.service >$(BUILD)/synhole.service
	install -D -m 644 $(BUILD)/synhole.service $(DESTDIR)$(UNITDIR)/synhole.service
	install -D -m 644 packaging/synhole.sysusers $(DESTDIR)$(SYSUSERSDIR)/synhole.conf
	install -D -m 644 packaging/synhole.tmpfiles $(DESTDIR)$(TMPFILESDIR)/synhole.conf
	install -D -m 644 -t $(DESTDIR)$(SHAREDIR) packaging/synhole.rules.yml \
		packaging/synhole.dashboard.json packaging/synhole.conf
	[ -e $(DESTDIR)$(CONFDIR)/synhole.conf ] || \
		install -D -m 644 packaging/synhole.conf $(DESTDIR)$(CONFDIR)/synhole.conf

# The configuration goes only if it is still the example.
.PHONY: uninstall
uninstall:
	! cmp -s packaging/synhole.conf $(DESTDIR)$(CONFDIR)/synhole.conf || \
		rm -f $(DESTDIR)$(CONFDIR)/synhole.conf
	rm -f $(INSTALLED:%=$(DESTDIR)%)
	-rmdir $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(CONFDIR) 2>/dev/null

.PHONY: format
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

.PHONY: clean
clean:
	rm -rf $(BUILD)

.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
