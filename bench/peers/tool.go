package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"os/exec"
	"path/filepath"
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

// figures are what a tool said of a run. A percentile of 0 was not said.
type figures struct {
	requests      int64
	p50, p95, p99 time.Duration
	note          string // what only this tool says
}

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
	about = t.name
	if t.version != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
		line, _, _ = strings.Cut(line, " Copyright")
		if about = strings.TrimSpace(line); !strings.Contains(about, t.name) {
			about = t.name + " " + about
		}
	}
	return about + revision(path), true
}

// revision is what a Go program's build tells beyond its version: the commit
// it was built from, and whether its tree was changed.
func revision(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return ""
	}
	setting := func(key string) string {
		i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == key })
		if i < 0 {
			return ""
		}
		return info.Settings[i].Value
	}
	commit := setting("vcs.revision")
	if len(commit) < 8 {
		return ""
	}
	if setting("vcs.modified") == "true" {
		return " at " + commit[:8] + ", changed"
	}
	return " at " + commit[:8]
}
