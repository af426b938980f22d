/* SPDX-License-Identifier: GPL-2.0-only */
/* The commands, each in a file of its name. */
#ifndef SYNHOLE_CMD_COMMANDS_H
#define SYNHOLE_CMD_COMMANDS_H

#include "cmd/options.h"

extern const struct command command_watch;
extern const struct command command_capture;
extern const struct command command_check;
extern const struct command command_explain;
extern const struct command command_host;
extern const struct command command_incidents;
extern const struct command command_replay;
extern const struct command command_status;
extern const struct command command_show;
extern const struct command command_verify;
extern const struct command command_report;

#endif
