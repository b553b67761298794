#!/usr/bin/env bash
# The history of load tests on a branch of its own: a cache is dropped after a
# week without use, a branch stays. Each run is one file with a name of its
# own, so two builds that keep theirs at once never conflict.
#
#   history.sh fetch   puts the branch into the folder $HISTORY
#   history.sh keep    adds what is new there, and pushes it
#
# BRANCH is the branch, TOKEN may read the repository, and for keep write it.
set -euo pipefail

# The token goes to git alone, and never to the disk.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper GIT_TERMINAL_PROMPT=0
# shellcheck disable=SC2016 # git runs it
export GIT_CONFIG_VALUE_0='!f() { echo username=x-access-token; echo "password=$TOKEN"; }; f'

case "${1:-}" in
fetch)
	git init -q "$HISTORY"
	cd "$HISTORY"
	git remote add origin "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
	found=0
	git ls-remote --exit-code --heads origin "$BRANCH" >/dev/null || found=$?
	case $found in
	0)
		git fetch -q --depth 1 origin "$BRANCH"
		git checkout -q -B "$BRANCH" FETCH_HEAD
		;;
	2) # it is not there: this is the first run
		git checkout -q --orphan "$BRANCH"
		;;
	*)
		echo "::error::the history cannot be read from $BRANCH: see the messages of git above"
		exit "$found"
		;;
	esac
	mkdir -p runs
	;;
keep)
	cd "$HISTORY"
	git add -A runs
	if git diff --cached --quiet; then
		echo "nothing new to keep"
		exit 0
	fi
	as=(-c user.name=github-actions[bot] -c user.email=41898282+github-actions[bot]@users.noreply.github.com)
	git "${as[@]}" commit -q -m "load test $GITHUB_RUN_ID"
	for _ in 1 2 3 4 5; do
		if git push -q origin "HEAD:$BRANCH"; then
			exit 0
		fi
		# Another build was faster.
		git fetch -q origin "$BRANCH"
		git "${as[@]}" rebase -q FETCH_HEAD
	done
	echo "::error::the run cannot be kept on $BRANCH: the job needs permissions: contents: write"
	exit 1
	;;
*)
	echo "usage: history.sh fetch|keep" >&2
	exit 2
	;;
esac
