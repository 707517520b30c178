# Shared by .ci/run and .ci/full: steps with their time, downloads tried three times.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_TERM_COLOR=never INSTA_UPDATE=no
# A fresh clone is built once: what helps the next build only costs time and disk there.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
declare -a STEP_NAMES=() STEP_SECONDS=()
STARTED=$SECONDS

summary() {
  local status=$?
  echo
  echo "== time per step"
  local i
  for i in "${!STEP_NAMES[@]}"; do printf '%6d s  %s\n' "${STEP_SECONDS[$i]}" "${STEP_NAMES[$i]}"; done
  printf '%6d s  in all\n' "$((SECONDS - STARTED))"
  if [ "$status" -eq 0 ]; then echo "ci: green"; else echo "ci: RED"; fi
}
trap summary EXIT
# Without these a run that is stopped from outside would count as ended well.
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

step() { # name command...
  local name=$1 from=$SECONDS status=0
  shift
  echo "== $name"
  "$@" || status=$?
  STEP_NAMES+=("$name")
  STEP_SECONDS+=("$((SECONDS - from))")
  [ "$status" -eq 0 ] || { echo "failed: $name"; exit "$status"; }
}

retry() { # what reaches a registry is tried three times
  local n
  for n in 1 2 3; do
    "$@" && return 0
    echo "try $n of 3 failed: $*"
    sleep $((n * 5))
  done
  return 1
}

tool() { # subcommand crate version: installed when the very version is missing
  if ! cargo "$1" --version 2>/dev/null | grep -qF "$3"; then
    # Unoptimised: it runs for a second, and optimising it takes longer than everything it is asked here.
    retry cargo install --debug --locked "$2@$3"
  fi
  cargo "$1" --version | grep -F "$3"
}
