package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// builder runs go with a build cache of its own, unless what is cached will do.
type builder struct {
	dir      string
	problems io.Writer
	cached   bool
}

func (b *builder) command(args ...string) *exec.Cmd {
	c := exec.Command("go", args...)
	if !b.cached {
		c.Env = append(os.Environ(), "GOCACHE="+filepath.Join(b.dir, "cache"))
	}
	c.Stderr = b.problems
	return c
}

// modules maps the packages of the program to their modules; those of Go are in none.
func (b *builder) modules() (map[string]string, error) {
	text, err := b.command("list", "-deps", "-f", "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}", program).Output()
	if err != nil {
		return nil, fmt.Errorf("list packages: %w", err)
	}
	modules := map[string]string{}
	for line := range strings.Lines(string(text)) {
		pkg, module, _ := strings.Cut(strings.TrimSpace(line), " ")
		modules[pkg] = module
	}
	return modules, nil
}

// build is what building has taken.
type build struct {
	seconds  float64            // of all processors, user and system
	packages map[string]float64 // the same of the compilers
	bytes    int64              // of the stripped binary
}

func (b *builder) build() (build, error) {
	graph, binary := filepath.Join(b.dir, "graph.json"), filepath.Join(b.dir, "stripped")
	args := []string{"build", "-ldflags=-s -w", "-debug-actiongraph=" + graph, "-o", binary}
	if !b.cached {
		args = append(args, "-a", "-trimpath")
	}
	c := b.command(append(args, program)...)
	if err := c.Run(); err != nil {
		return build{}, fmt.Errorf("build: %w", err)
	}
	info, err := os.Stat(binary)
	if err != nil {
		return build{}, err
	}
	text, err := os.ReadFile(graph)
	if err != nil {
		return build{}, err
	}
	var actions []struct {
		Mode, Package   string
		CmdUser, CmdSys time.Duration
	}
	if err := json.Unmarshal(text, &actions); err != nil {
		return build{}, fmt.Errorf("read action graph: %w", err)
	}
	built := build{packages: map[string]float64{}, bytes: info.Size(),
		seconds: (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()}
	for _, a := range actions {
		if a.Mode == "link" {
			a.Package = linker
		}
		built.packages[a.Package] += (a.CmdUser + a.CmdSys).Seconds()
	}
	return built, nil
}

// symbols links once more, with names, and adds up what is in the file by package.
func (b *builder) symbols() (map[string]int64, error) {
	named := filepath.Join(b.dir, "named")
	args := []string{"build", "-o", named}
	if !b.cached {
		args = append(args, "-trimpath") // as before, so that it only links
	}
	if err := b.command(append(args, program)...).Run(); err != nil {
		return nil, fmt.Errorf("build with names: %w", err)
	}
	text, err := b.command("tool", "nm", "-size", named).Output()
	if err != nil {
		return nil, fmt.Errorf("list symbols: %w", err)
	}
	zero := zeroed(text)
	sizes := map[string]int64{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		// address, size, kind and name, which may have spaces
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 {
			continue
		}
		address, _ := strconv.ParseUint(fields[0], 16, 64) // nm has written it
		if address >= zero[0] && address < zero[1] {
			continue
		}
		if n, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
			sizes[packageOf(strings.Join(fields[3:], " "))] += n
		}
	}
	return sizes, nil
}

// zeroed is the addresses from and up to which memory is zero at the start, and takes no place
// in the file: from the first of its two parts to the end of the second.
func zeroed(symbols []byte) (span [2]uint64) {
	for line := range strings.Lines(string(symbols)) {
		fields := strings.Fields(line)
		for i, name := range []string{"runtime.bss", "runtime.enoptrbss"} {
			if len(fields) == 4 && fields[3] == name {
				span[i], _ = strconv.ParseUint(fields[0], 16, 64) // nm has written it
			}
		}
	}
	return span
}
