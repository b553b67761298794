package buildinfo

import (
	"runtime/debug"
	"strings"
	"testing"
)

// The version shows what go has stamped; the rest is unknown, and never guessed.
func TestAboutABuild(t *testing.T) {
	info := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		settings = append(settings,
			debug.BuildSetting{Key: "GOOS", Value: "linux"}, debug.BuildSetting{Key: "GOARCH", Value: "arm64"})
		return &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: version}, Settings: settings}
	}
	commit := debug.BuildSetting{Key: "vcs.revision", Value: "4183dd09fb70c2f65a17d4b9f1a1d6a1a0a0a0a0"}
	at := debug.BuildSetting{Key: "vcs.time", Value: "2026-11-28T17:40:05+01:00"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	clean := debug.BuildSetting{Key: "vcs.modified", Value: "false"}
	const builder = "built with go1.26.8 for linux/arm64\n"
	const untagged = "loadgate v0.1.1-0.20261128164005-4183dd09fb70+dirty"
	for _, test := range []struct {
		name, short, long string
		info              *debug.BuildInfo
	}{
		{"release", "loadgate v0.1.0",
			"loadgate v0.1.0\ncommit 4183dd09fb70 of 2026-11-28 16:40 UTC\n" + builder,
			info("v0.1.0", commit, at, clean)},
		{"changed", untagged,
			untagged + "\ncommit 4183dd09fb70 of 2026-11-28 16:40 UTC, modified\n" + builder,
			info(strings.TrimPrefix(untagged, "loadgate "), commit, at, changed)},
		{"installed", "loadgate v0.1.0", "loadgate v0.1.0\ncommit unknown\n" + builder, info("v0.1.0")},
		{"installed by a commit", "loadgate v0.0.0-20261128164005-4183dd09fb70",
			"loadgate v0.0.0-20261128164005-4183dd09fb70\ncommit 4183dd09fb70 of 2026-11-28 16:40 UTC\n" + builder,
			info("v0.0.0-20261128164005-4183dd09fb70")},
		{"without a tag", "loadgate devel 4183dd09fb70",
			"loadgate devel 4183dd09fb70\ncommit 4183dd09fb70, modified\n" + builder, info("(devel)", commit, changed)},
		{"not stamped", "loadgate devel", "loadgate devel\ncommit unknown\n" + builder, info("(devel)")},
		{"nothing known", "loadgate (unknown version)",
			"loadgate (unknown version)\ncommit unknown\nbuilt with unknown for unknown\n", nil},
	} {
		b := buildOf(test.info)
		if got := b.name(); got != test.short {
			t.Errorf("%s: documents say %q, want %q", test.name, got, test.short)
		}
		release := ""
		if test.name == "release" || test.name == "installed" {
			release = "0.1.0"
		}
		if got, ok := b.release(); got != release || ok != (release != "") {
			t.Errorf("%s: release %q, %v, want %q", test.name, got, ok, release)
		}
		if got := b.about(); got != test.long {
			t.Errorf("%s: people are told\n%swant\n%s", test.name, got, test.long)
		}
	}
}
