#!/bin/sh
# Builds the Winograd test and benchmark: build-test.sh [folder for the output, default /tmp/lad-winograd]. Needs g++ (or CXX) and,
# for the benchmark's peer, oneDNN's headers and library. Further arguments go to the compiler (-fsanitize=address, ...).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-/tmp/lad-winograd}
[ $# -gt 0 ] && shift
mkdir -p "$out"
objects=""
for source in "$here"/*.cc; do
  object="$out/$(basename "$source" .cc).o"
  ${CXX:-g++} -std=c++17 -O3 -Wall -Wextra "$@" -c "$source" -o "$object"
  objects="$objects $object"
done
${CXX:-g++} "$@" $objects -o "$out/winograd-test" -ldnnl -lpthread
echo "$out/winograd-test"
