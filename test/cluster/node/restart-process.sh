#!/bin/sh
# Kills a process whose id is the first word of a file, and starts it anew 3 seconds later with the arguments that it had. The file is
# then that of the new process: its id, and when it started (field 22 of /proc/PID/stat).
#
#   restart-process.sh PID_FILE LOG
set -eu

pid=$(cut -d ' ' -f 1 "$1")
arguments=$(mktemp)
cp "/proc/$pid/cmdline" "$arguments"
kill -9 "$pid"
sleep 3
# shellcheck disable=SC2016
xargs -0 setsid -f sh -c 'file=$1; log=$2; shift 2
  echo "$$ $(sed "s/.*) //" "/proc/$$/stat" | cut -d " " -f 20)" >"$file"
  exec "$@" >>"$log" 2>&1 </dev/null' restart "$1" "$2" <"$arguments"
rm "$arguments"
