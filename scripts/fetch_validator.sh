#!/bin/sh
# Brings the Nu Html Checker, with which the tests check every page, to .bootstrap/. Needs npm; running it needs java.
set -eu
cd "$(dirname "$0")/.."
version=26.9.27
sha256=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
jar=.bootstrap/vnu-$version.jar
[ -f "$jar" ] && exit 0
mkdir -p .bootstrap
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack "vnu-jar@$version" --ignore-scripts --silent --pack-destination "$folder" >/dev/null
tar -xzf "$folder/vnu-jar-$version.tgz" -C "$folder" package/build/dist/vnu.jar
echo "$sha256  $folder/package/build/dist/vnu.jar" | sha256sum --check --quiet
mv "$folder/package/build/dist/vnu.jar" "$jar"
