#!/usr/bin/env bash
# Sets everything up and runs the pipeline: on the sample that ships with newsmill, or on your own sources:
#   ./run_local.sh
#   ./run_local.sh --input feeds.opml --output out [any newsmill or Beam option]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/.ci/setup" runtime
newsmill="$here/.venv/bin/newsmill"
if [ "$#" -gt 0 ]; then
  exec "$newsmill" run "$@"
fi
output="$here/out"
"$newsmill" run --input "$here/sample/feeds/*" "$here/sample/pages/*" --output "$output"
ask() { printf '\n%s\n' "$1"; "$newsmill" query --output "$output" "$2"; }
ask "Events by kind and day of publication" \
  "SELECT date, count(*) FILTER (kind = 'meeting') AS meetings, count(*) FILTER (kind = 'statement') AS statements,
          count(*) FILTER (kind = 'withdrawal') AS withdrawals, count(*) FILTER (kind = 'trade_figure') AS trade_figures
   FROM events GROUP BY date ORDER BY date"
ask "Who met whom" \
  "SELECT event_start AS day, list_transform(list_filter(actors, lambda a: a.role = 'participant'), lambda a: a.name) AS who,
          meeting.format, place_name AS place, modality, outlet FROM events WHERE kind = 'meeting' ORDER BY day NULLS LAST, who"
ask "Trade figures" \
  "SELECT list_filter(actors, lambda a: a.role = 'reporter')[1].name AS reporter, trade_figure.flow, trade_figure.comparator AS cmp,
          trade_figure.value::DECIMAL(38, 0) AS value, trade_figure.unit, trade_figure.change_pct AS change,
          event_start AS first_day, event_end AS last_day
   FROM events WHERE kind = 'trade_figure' ORDER BY reporter, first_day, trade_figure.value"
printf '\nThe tree is in %s. Next: %s query --output %s "SELECT * FROM stories"\n' "$output" "$newsmill" "$output"
