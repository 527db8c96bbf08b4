#!/bin/sh
# The service `nightly` of compose.yml: a sync, a check and a report at once, and then each night at NIGHTLY_AT (UTC). A night that fails
# is tried again after an hour, and never ends this. /tmp/night says how the last one went, for the health check.
set -u

at="${NIGHTLY_AT:-02:30}"
keep="${KEEP_DAYS:-90}"
retry=3600
reports="${REPORTS:-/reports}"
state="${TMPDIR:-/tmp}/night"

say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) nightly: $*"; }

case "$at" in
  [01][0-9]:[0-5][0-9] | 2[0-3]:[0-5][0-9]) ;;
  *) say "NIGHTLY_AT is '$at': give hours and minutes, such as 02:30" && exit 3 ;;
esac
case "$keep" in
  '' | *[!0-9]*) say "KEEP_DAYS is '$keep': give a number of days, such as 90" && exit 3 ;;
esac

# In the background, because a shell puts off a signal until what runs in front ends. Who is told to stop tells it on.
running=
stop() {
  trap - TERM INT
  say "stopping"
  if [ -n "$running" ] && kill -TERM "${!:-}" 2>/dev/null; then wait "$!"; fi
  exit 0
}
trap stop TERM INT
run() {
  running=yes
  "$@" &
  wait "$!"
  status=$?
  running=
  return "$status"
}

# Under its name only once it is whole: somebody may be reading.
publish() { # publish NEW NAME EXTENSION
  cp "$1" "$reports/.new" && mv "$reports/.new" "$reports/$2-$(date -u +%Y-%m-%d).$3" && mv "$1" "$reports/$2.$3"
}

night() {
  good=yes
  say "sync"
  run aws-delegation sync spec.yml
  sync=$?
  # 2: something was denied, or could not be read. It is stored that it is not known, and rules say so.
  case "$sync" in 0 | 2) ;; *) good=no ;; esac
  # Also after a sync that failed: then it judges what an earlier one has stored, and how old that is.
  say "sync ended with $sync; check"
  run aws-delegation check spec.yml --format markdown >"$reports/.check"
  check=$?
  case "$check" in 0 | 1 | 2) publish "$reports/.check" check md || good=no ;; *) good=no ;; esac
  say "check ended with $check; report"
  run aws-delegation report --no-install -o "$reports/.report"
  report=$?
  if [ "$report" -eq 0 ]; then publish "$reports/.report" report html || good=no; else good=no; fi
  find "$reports" -type f \( -name 'check-*.md' -o -name 'report-*.html' \) -mtime "+$keep" -delete
  say "report ended with $report"
  [ "$good" = yes ]
}

while :; do
  if night; then
    echo "good sync=$sync check=$check report=$report" >"$state"
    outcome="this night is done"
  else
    echo "failed sync=$sync check=$check report=$report" >"$state"
    outcome="this night FAILED (sync $sync, check $check, report $report)"
  fi
  now=$(date +%s)
  hour="${at%:*}" minute="${at#*:}"
  next=$((now - now % 86400 + ${hour#0} * 3600 + ${minute#0} * 60))
  [ "$next" -gt "$now" ] || next=$((next + 86400))
  if ! grep -q '^good' "$state" && [ "$((now + retry))" -lt "$next" ]; then next=$((now + retry)); fi
  say "$outcome; the next one begins at $(date -u -d "@$next" +%Y-%m-%dT%H:%M:%SZ)"
  # In pieces: a machine that slept, or whose clock was set, must not be late by that.
  while [ "$(date +%s)" -lt "$next" ]; do
    left=$((next - $(date +%s)))
    run sleep "$((left < 900 ? left : 900))"
  done
done
