#!/usr/bin/env bash
# What action.yml does in a shell.
#
#   action.sh install   puts loadgate on the path: the release that REF names, if
#                       its signature is right, or what is built from the action's
#                       own source
#   action.sh run       makes the run, with the LOADGATE_ variables as its flags
set -euo pipefail

install() {
	bin=$RUNNER_TEMP/loadgate-bin
	mkdir -p "$bin"
	if [[ ${REF:-} =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ && -n ${REPOSITORY:-} ]]; then
		download
	else
		echo "${REF:-this ref} is no release: building loadgate from the source of the action"
		go -C "$ACTION" build -o "$bin/" ./cmd/loadgate
	fi
	"$bin/loadgate" version
	echo "$bin" >>"$GITHUB_PATH"
}

# download installs a release if its checksum is in the list that the release
# workflow signed; otherwise it installs nothing.
download() {
	local os arch name kind=tar.gz
	case ${RUNNER_OS:-Linux} in
	macOS) os=darwin ;;
	Windows) os=windows kind=zip ;;
	*) os=linux ;;
	esac
	case ${RUNNER_ARCH:-X64} in
	ARM64) arch=arm64 ;;
	*) arch=amd64 ;;
	esac
	name=loadgate_${REF#v}_${os}_${arch}.$kind
	local from=$GITHUB_SERVER_URL/$REPOSITORY/releases/download/$REF
	local to=$RUNNER_TEMP/loadgate-download
	mkdir -p "$to"
	curl -fsSL --retry 3 -o "$to/$name" "$from/$name"
	curl -fsSL --retry 3 -o "$to/checksums.txt" "$from/checksums.txt"
	curl -fsSL --retry 3 -o "$to/checksums.txt.sigstore.json" "$from/checksums.txt.sigstore.json"
	cd "$to"
	signed checksums.txt
	# A list without the name is no proof of it.
	grep -E "^[0-9a-f]{64} [ *]$name\$" checksums.txt >"$name.sha256"
	if command -v sha256sum >/dev/null; then
		sha256sum -c "$name.sha256"
	else
		shasum -a 256 -c "$name.sha256"
	fi
	if [[ $kind == zip ]]; then
		unzip -q -o "$name" -d "$bin"
	else
		tar -xzf "$name" -C "$bin"
	fi
}

# signed ends the step unless the release workflow of the repository signed a
# file for this tag. Write access to the release's page is not enough for such a
# signature.
signed() {
	if ! command -v cosign >/dev/null; then
		echo "::error::cosign is missing, which sees who signed $REF: nothing was installed;" \
			"put sigstore/cosign-installer before this step"
		exit 1
	fi
	if ! cosign verify-blob "$1" --bundle "$1.sigstore.json" \
		--certificate-identity "https://github.com/$REPOSITORY/.github/workflows/release.yml@refs/tags/$REF" \
		--certificate-oidc-issuer https://token.actions.githubusercontent.com; then
		echo "::error::the checksums of $REF were not signed by the release workflow of $REPOSITORY:" \
			"nothing was installed"
		exit 1
	fi
}

run() {
	local code=0
	local args=(--html "$LOADGATE_OUT/report.html" -o "junit=$LOADGATE_OUT/junit.xml" -o "markdown=$LOADGATE_OUT/summary.md")
	if [[ -n $HISTORY ]]; then
		args+=(--record --history "$HISTORY/runs")
	fi
	loadgate run "$FILE" "${args[@]}" || code=$?
	if [[ $code -eq 3 && $UNDECIDED == warn ]]; then
		echo "::warning::the load test could not be judged: its summary says why, and what would decide it"
		exit 0
	fi
	exit "$code"
}

case "${1:-}" in
install) install ;;
run) run ;;
*)
	echo "usage: action.sh install|run" >&2
	exit 2
	;;
esac
