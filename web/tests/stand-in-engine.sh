#!/bin/sh
# Stands in for the program polybius-engine in tests of the page: it speaks the same protocol (the query on standard input, rows as JSON
# lines, a message and status 1 where the query fails) and knows nothing of SQL.
query=$(cat)
case "$query" in
*nowhere*)
  echo "error: table 'nowhere' not found" >&2
  exit 1
  ;;
*)
  echo '{"event_type":"CONSULT","n":12,"share":0.5}'
  echo '{"event_type":"<b>AID</b>","n":3,"share":null}'
  ;;
esac
