<?php
// SPDX-License-Identifier: GPL-2.0-only
// The incident's client: PHP's stream_socket_client, which tries one address family after the other
// and spends its whole timeout on the first. Usage: client.php ADDRESS-or-NAME PORT SECONDS
[, $host, $port, $seconds] = $argv;
$host = str_contains($host, ':') ? "[$host]" : $host;
$context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
$socket = @stream_socket_client(
	"ssl://$host:$port", $errno, $error, (float)$seconds, STREAM_CLIENT_CONNECT, $context);
if (!$socket) {
	echo "$host port $port: $error ($errno)\n";
	exit(1);
}
stream_set_timeout($socket, (int)$seconds);
$greeting = fgets($socket);
echo stream_socket_get_name($socket, true), ': ', $greeting === false ? "silent\n" : $greeting;
exit($greeting === false ? 1 : 0);
