// Package buildinfo says which build of loadgate this is, from what go stamps into it. It
// never guesses.
package buildinfo

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
)

// build is what go stamps into a program; empty where it has not.
type build struct {
	version  string // of the module; empty for a commit that has neither a release nor a tag before it
	commit   string
	at       string // time of the commit
	modified bool   // the folder was not that of the commit
	golang   string
	platform string // such as linux/amd64
}

// pseudo finds the time and the commit at the end of a pseudo-version.
var pseudo = regexp.MustCompile(`[-.](\d{14})-([0-9a-f]{12})(\+dirty)?$`)

// buildOf reads what go has stamped. A program that was installed by its module's version has a
// commit only in a pseudo-version.
func buildOf(info *debug.BuildInfo) build {
	if info == nil {
		return build{}
	}
	stamped := map[string]string{}
	for _, s := range info.Settings {
		stamped[s.Key] = s.Value
	}
	b := build{
		version: info.Main.Version, commit: stamped["vcs.revision"], modified: stamped["vcs.modified"] == "true",
		golang: info.GoVersion, platform: strings.Trim(stamped["GOOS"]+"/"+stamped["GOARCH"], "/"),
	}
	if b.version == "(devel)" {
		b.version = ""
	}
	at, err := time.Parse(time.RFC3339, stamped["vcs.time"])
	if m := pseudo.FindStringSubmatch(b.version); m != nil && b.commit == "" {
		b.commit, b.modified = m[2], m[3] != ""
		at, err = time.Parse("20060102150405", m[1])
	}
	if err == nil {
		b.at = at.UTC().Format("2006-01-02 15:04 UTC")
	}
	return b
}

// stamped is the build of this program.
func stamped() build {
	info, _ := debug.ReadBuildInfo() // nil where there is none
	return buildOf(info)
}

// Version names this program in documents: by the version of the module, or the
// commit it was built from.
func Version() string { return stamped().name() }

func (b build) name() string {
	const name = "loadgate "
	switch {
	case b.version != "":
		return name + b.version
	case b.commit != "":
		return name + "devel " + shortCommit(b.commit)
	case b.golang == "":
		return name + "(unknown version)"
	}
	return name + "devel"
}

// Release is the version of this program without its v, such as 0.1.0; false: it is not what a tag was built to.
func Release() (version string, ok bool) { return stamped().release() }

// tagged is the version of a release: no commit behind a tag, and no changed folder.
var tagged = regexp.MustCompile(`^v(\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?)$`)

func (b build) release() (string, bool) {
	m := tagged.FindStringSubmatch(b.version)
	if m == nil || b.modified || pseudo.MatchString(b.version) {
		return "", false
	}
	return m[1], true
}

// About describes this program to people, on three lines.
func About() string { return stamped().about() }

func (b build) about() string {
	commit := "unknown"
	if b.commit != "" {
		commit = shortCommit(b.commit)
	}
	if b.at != "" {
		commit += " of " + b.at
	}
	if b.modified {
		commit += ", modified"
	}
	or := func(text string) string {
		if text == "" {
			return "unknown"
		}
		return text
	}
	return fmt.Sprintf("%s\ncommit %s\nbuilt with %s for %s\n", b.name(), commit, or(b.golang), or(b.platform))
}

func shortCommit(hash string) string { return hash[:min(12, len(hash))] }
