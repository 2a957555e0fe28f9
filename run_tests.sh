#!/usr/bin/env bash
# Sets everything up and runs the checks and tests; arguments go to pytest.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here"
.ci/setup dev
bin="$here/.venv/bin"
"$bin/ruff" format --check .
"$bin/ruff" check .
"$bin/mypy"
exec "$bin/pytest" "$@"
