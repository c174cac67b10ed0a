#!/usr/bin/env bash
# Runs a program until standard input ends, then ends the program and deletes FOLDER. The caller holds the
# other end of standard input, so nothing is left behind when it dies, even by SIGKILL.
#
# usage: keep.sh FOLDER [PROGRAM [ARGUMENT...]]
folder=$1
shift
exec 3<&0 </dev/null

cat <&3 >/dev/null &
watch=$!
program=
if (($#)); then
  "$@" 3<&- &
  program=$!
fi

wait -n
kill "$watch" $program 2>/dev/null
if [[ -n $program ]]; then
  for ((tenth = 0; tenth < 100; tenth++)); do
    kill -0 "$program" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$program" 2>/dev/null
fi
rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
