#!/usr/bin/env bash
# Takes a version of Apache ECharts from the npm registry into this folder.
# Usage: bash update.sh VERSION
set -euo pipefail
version=${1:?"Name the version, such as 6.1.0."}
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack "echarts@$version" --pack-destination "$folder" --silent >/dev/null
tar xzf "$folder"/echarts-*.tgz -C "$folder"
cp "$folder"/package/dist/echarts.min.js "$folder"/package/LICENSE "$folder"/package/NOTICE "$folder"/package/licenses/LICENSE-d3 .
sha256sum echarts.min.js
