package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// load is one load that a tool is to make.
type load struct {
	scenario
	url    string
	folder string // empty, for what the tool reads and leaves
}

// file is the path of one of the load's files.
func (l load) file(name string) string { return filepath.Join(l.folder, name) }

// seconds is the load's duration as most tools take it.
func (l load) seconds() string { return fmt.Sprintf("%ds", int(l.duration.Seconds())) }

// perSecond is how many users start in a second.
func (l load) perSecond() int {
	if l.ramp == 0 {
		return l.users
	}
	return int(float64(l.users) / l.ramp.Seconds())
}

// figures are what a tool said of a run.
type figures struct {
	requests int64
	percentiles
	// sent are the percentiles from the send, of a tool whose others count from
	// when the request was due; zero where it says one kind only.
	sent percentiles
	note string // what only this tool says
}

// quantiles are those that are compared.
var quantiles = [3]float64{0.50, 0.95, 0.99}

// percentiles are times at the quantiles. One of 0 was not said.
type percentiles [len(quantiles)]time.Duration

// tool is one load generator: how to make it run a load, and how to read what
// it said.
type tool struct {
	name    string
	version []string // arguments that print it; nil: it has none
	// sign stands in that answer: other programs bear some of these names.
	sign string
	// command writes the files that the tool needs into l.folder and returns
	// its arguments; none where the tool has no such load.
	command func(l load) ([]string, error)
	// figures reads standard output and the files that the tool left.
	figures func(l load, said []byte) (figures, error)
	verdict []int // exit codes besides 0 that come with figures
}

var tools = []tool{loadgate, wrk, bombardier, fortio, hey, vegeta, k6, locust}

func toolNames() []string {
	var names []string
	for _, t := range tools {
		names = append(names, t.name)
	}
	return names
}

// installed is a tool that was found.
type installed struct {
	tool
	path  string
	about string // its version, as it says it
}

// findTools looks for the tools, or those of the list, on PATH; loadgate is
// at the path given. Missing are the names of those that are not there.
func findTools(ctx context.Context, loadgate, list string) (found []installed, missing []string, err error) {
	chosen := tools
	if list != "" {
		if chosen, err = choose(tools, list, func(t tool) string { return t.name }); err != nil {
			return nil, nil, err
		}
	}
	for _, t := range chosen {
		path := loadgate
		if t.name != "loadgate" {
			if path, err = exec.LookPath(t.name); err != nil {
				missing = append(missing, t.name)
				continue
			}
		}
		about, ok := t.ask(ctx, path)
		if !ok {
			missing = append(missing, fmt.Sprintf("%s (%s is something else)", t.name, path))
			continue
		}
		found = append(found, installed{t, path, about})
	}
	return found, missing, nil
}

// ask asks a tool for its version; not ok when another program answers.
func (t tool) ask(ctx context.Context, path string) (about string, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	// Some print to standard error, some end in 1: the answer is what counts.
	said, _ := exec.CommandContext(ctx, path, t.version...).CombinedOutput()
	if !bytes.Contains(said, []byte(t.sign)) {
		return "", false
	}
	text := ""
	if t.version != nil {
		text = string(said)
	}
	built, commit := build(path)
	return t.describe(text, built) + commit, true
}

// describe is a tool with its version as it says it in its first line, or else
// as its build does: those that were not built by their makers often leave it
// out.
func (t tool) describe(said, built string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(said), "\n")
	line = strings.TrimPrefix(line, "Version:")
	for _, end := range []string{" Copyright", " from /"} {
		line, _, _ = strings.Cut(line, end)
	}
	line = strings.TrimSpace(line)
	if built != "" && !versionNumber.MatchString(line) {
		line = built
	}
	switch {
	case line == "" || line == t.name:
		return t.name + " (version not told)"
	case !strings.Contains(line, t.name):
		return t.name + " " + line
	}
	return line
}

// versionNumber is what a version has and other words have not.
var versionNumber = regexp.MustCompile(`\d+\.\d`)

// build is what a Go program's build tells: the version of its module, and the
// commit that it was built from with whether its tree was changed; empty where
// it does not.
func build(path string) (version, commit string) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return "", ""
	}
	if versionNumber.MatchString(info.Main.Version) {
		version = info.Main.Version
	}
	setting := func(key string) string {
		i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == key })
		if i < 0 {
			return ""
		}
		return info.Settings[i].Value
	}
	if commit = setting("vcs.revision"); len(commit) < 8 {
		return version, ""
	}
	if commit = " at " + commit[:8]; setting("vcs.modified") == "true" {
		commit += ", changed"
	}
	return version, commit
}
