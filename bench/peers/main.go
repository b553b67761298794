// Command peers runs loadgate beside every other load generator that is
// installed, on one target and one core each, and prints what each of them
// cost and how true its figures were:
//
//	go run ./bench/peers -scenario closed,think -repeat 3
//
// It knows the tools' flags and outputs, starts the target itself, on
// loopback, and ends everything after a bounded time. It judges nothing: on a
// shared machine only the ratios of interleaved runs carry over.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if len(os.Args) > 1 && os.Args[1] == "target" {
		err = serveTarget(os.Args[2:], os.Stdin, os.Stdout)
	} else {
		err = compare(ctx, os.Args[1:], os.Stdout, os.Stderr)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// most is the largest number of repetitions: the whole stays within the hour.
const most = 9

// compare reads the flags, makes every run and prints the tables.
func compare(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	flags.SetOutput(progress)
	wanted := flags.String("scenario", "closed,think,accuracy,accuracy-closed,freeze",
		"which to run, of "+strings.Join(scenarioNames(), ", "))
	only := flags.String("tools", "", "only these of "+strings.Join(toolNames(), ", ")+
		" (default: all that are installed)")
	repeat := flags.Int("repeat", 3, fmt.Sprintf("interleaved repetitions, 1 to %d", most))
	seconds := flags.Int("seconds", 0,
		"length of every load, to see that all runs; too short for figures (default: the scenario's own)")
	base := flags.String("base", "wrk,k6", "the tools that ratios are taken to")
	markdown := flags.Bool("markdown", false, "print Markdown")
	binary := flags.String("loadgate", "", "a loadgate to run instead of building this tree's")
	client := flags.Int("client-core", 0, "core of the load generators; -1: any")
	server := flags.Int("server-core", 1, "core of the target; -1: any")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *repeat < 1 || *repeat > most {
		return fmt.Errorf("-repeat %d: write 1 to %d", *repeat, most)
	}
	chosen, err := chooseScenarios(*wanted)
	if err != nil {
		return err
	}
	bases, err := choose(toolNames(), *base, func(name string) string { return name })
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if *binary == "" {
		*binary = filepath.Join(folder, "loadgate")
		if err := buildLoadgate(ctx, *binary); err != nil {
			return err
		}
	}
	found, missing, err := findTools(ctx, *binary, *only)
	if err != nil {
		return err
	}
	b := bench{folder: folder, clientCore: *client, serverCore: *server, progress: progress}
	if err := b.pin(); err != nil {
		fmt.Fprintln(progress, "peers: not pinned to cores:", err)
	}
	printHead(out, head{found: found, missing: missing, repeat: *repeat, pinned: b.pinned()}, *markdown)
	for _, s := range chosen {
		s = s.lasting(*seconds)
		runs, err := b.repeat(ctx, s, found, *repeat)
		if err != nil {
			return err
		}
		if err := printTable(out, tabulate(s, found, runs, bases), *markdown); err != nil {
			return err
		}
	}
	return nil
}

// buildLoadgate builds the loadgate of this module.
func buildLoadgate(ctx context.Context, path string) error {
	said, err := exec.CommandContext(ctx, "go", "build", "-buildvcs=auto",
		"-o", path, "github.com/loadgate/loadgate/cmd/loadgate").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build loadgate: %w\n%s", err, said)
	}
	return nil
}

// choose returns the elements of all whose names are in the list, in the order
// of all; a name that is not there is an error.
func choose[T any](all []T, list string, name func(T) string) ([]T, error) {
	names := strings.Split(list, ",")
	var chosen []T
	for _, one := range all {
		if slices.Contains(names, name(one)) {
			chosen = append(chosen, one)
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(all, func(one T) bool { return name(one) == n }) {
			return nil, fmt.Errorf("choose %q: there is no such one", n)
		}
	}
	return chosen, nil
}
