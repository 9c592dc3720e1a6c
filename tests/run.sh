#!/usr/bin/env bash
# Runs every test and ends with "N passed, N failed, N skipped" on a line of its own.
# On a Debian machine it installs the real AWS clients that some tests drive (aws CLI, boto3, curl), strace, and Chromium;
# with npm, those of Node.
# Usage: bash tests/run.sh [further arguments of "dotnet test"]
set -euo pipefail
cd "$(dirname "$0")/.."

has_clients() { [ -x /usr/bin/aws ] && [ -x /usr/bin/curl ] && [ -x /usr/bin/strace ] && [ -x /usr/bin/chromium ] && /usr/bin/python3 -c 'import boto3' 2>/dev/null; }

if ! has_clients && command -v apt-get >/dev/null; then
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=$(command -v sudo || true)
  if [ "$(id -u)" -eq 0 ] || [ -n "$sudo" ]; then
    echo "Installing awscli, chromium, curl, python3-boto3 and strace ..."
    $sudo apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends awscli chromium curl fonts-dejavu-core python3-boto3 strace >/dev/null || true
  fi
fi
has_clients || echo "The aws CLI (/usr/bin/aws), Chromium (/usr/bin/chromium), curl, boto3 or strace is not installed: the tests that need them are skipped (and fail when CI=true)."

# Functions in processes: in JavaScript and in Python, on the node and the python3 of the PATH.
for interpreter in node python3; do
  command -v "$interpreter" >/dev/null || echo "$interpreter is not installed: the tests of functions in its language are skipped (and fail when CI=true)."
done

# Clients and fake services from npm, in the versions of the lock files, into folders that git ignores.
# All at once, since they wait for the network; none where npm itself has written down that what the lock file names is there.
install_node_clients() {
  [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ] ||
    npm ci --prefix "$1" --no-audit --no-fund --ignore-scripts --loglevel=error >/dev/null ||
    echo "npm could not install what $1 names: the tests that need it are skipped (and fail when CI=true)."
}
if command -v node >/dev/null && command -v npm >/dev/null; then
  for node_clients in tests/LambdaStreamRunner.StreamServer.Tests/Clients/node tests/LambdaStreamRunner.Runner.Tests/Destinations/node \
    tests/LambdaStreamRunner.Runner.Tests/Polling/node; do
    install_node_clients "$node_clients" &
  done
  wait
fi

if [ ! -d artifacts/clients/node_modules/aws-kinesis-agg ] && command -v npm >/dev/null; then
  echo "Installing aws-kinesis-agg ..."
  npm install --silent --no-audit --no-fund --prefix artifacts/clients aws-kinesis-agg@4.2.8 >/dev/null || true
fi
[ -d artifacts/clients/node_modules/aws-kinesis-agg ] || echo "npm's aws-kinesis-agg is not installed: the tests that need it are skipped (and fail when CI=true)."

mkdir -p artifacts
log=artifacts/tests.log
status=0
dotnet test --solution LambdaStreamRunner.sln --no-progress --output Normal "$@" 2>&1 | tee "$log" || status=$?

# The platform prints one summary for all projects, counts on lines of their own.
count() { sed -nE "s/^ *$1: *([0-9]+).*/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ]; then
  echo "No test was run; see $log."
  exit 1
fi
echo "$passed passed, ${failed:-0} failed, ${skipped:-0} skipped"
[ "$status" -eq 0 ] && [ "${failed:-0}" -eq 0 ]
