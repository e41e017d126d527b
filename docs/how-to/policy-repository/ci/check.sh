#!/bin/sh
# Checks the policies of a pull request: run it in the repository's root. Prints who gains and loses what; a change that
# widens access is no failure here, but the reviewer sees it.
#   BASE  the revision to compare with; default: origin/main
set -eu

npx sidegate lint policies
npx sidegate test policies --coverage-min 100

base=$(mktemp -d)
trap 'git worktree remove --force "$base"' EXIT
git worktree add --detach --force "$base" "${BASE:-origin/main}" >/dev/null
status=0
npx sidegate diff "$base/policies" policies -o markdown >diff.md || status=$?
cat diff.md
# 1 means that something is allowed that was not; 2 that it could not tell.
[ "$status" -le 1 ]
