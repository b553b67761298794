// Command weight builds cmd/loadgate from nothing and prints what that takes: processor
// time, the size of the stripped binary, and both by module, the heaviest first:
//
//	go run ./bench/weight
//
// It needs a machine that does nothing else meanwhile, and some minutes. The build cache is
// a folder of its own, which it removes; modules are taken from where go keeps them.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

func main() {
	err := weigh(os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "weight:", err)
		os.Exit(1)
	}
}

// program is the package that is built.
const program = "./cmd/loadgate"

func weigh(args []string, out, problems io.Writer) error {
	flags := flag.NewFlagSet("weight", flag.ContinueOnError)
	flags.SetOutput(problems)
	top := flags.Int("top", 15, "number of modules in the table")
	sizes := flags.Bool("sizes", false, "only sizes, with the usual build cache; takes seconds")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "weight")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := builder{dir: dir, problems: problems, cached: *sizes}
	modules, err := b.modules()
	if err != nil {
		return err
	}
	built, err := b.build()
	if err != nil {
		return err
	}
	symbols, err := b.symbols()
	if err != nil {
		return err
	}
	if *sizes { // what a warm cache left to build says nothing
		fmt.Fprintf(out, "%d bytes, stripped\n\n", built.bytes)
		printSizes(out, weights(modules, nil, symbols), *top)
		return nil
	}
	fmt.Fprintf(out, "%.0f s of processor time; %d bytes, stripped\n\n", built.seconds, built.bytes)
	printTable(out, weights(modules, built.packages, symbols), *top)
	return nil
}

// weight is what one module takes: processor seconds of its build, and bytes in the binary.
type weight struct {
	module  string
	seconds float64
	bytes   int64
}

// weights adds up packages and symbols by module.
func weights(modules map[string]string, seconds map[string]float64, sizes map[string]int64) []weight {
	all := map[string]weight{}
	add := func(pkg string, seconds float64, bytes int64) {
		w := all[moduleOf(pkg, modules)]
		all[moduleOf(pkg, modules)] = weight{seconds: w.seconds + seconds, bytes: w.bytes + bytes}
	}
	for pkg, s := range seconds {
		add(pkg, s, 0)
	}
	for pkg, n := range sizes {
		add(pkg, 0, n)
	}
	rows := make([]weight, 0, len(all))
	for _, module := range slices.Sorted(maps.Keys(all)) {
		w := all[module]
		w.module = module
		rows = append(rows, w)
	}
	slices.SortStableFunc(rows, func(a, b weight) int {
		return cmp.Or(cmp.Compare(b.seconds, a.seconds), cmp.Compare(b.bytes, a.bytes))
	})
	return rows
}

// printTable prints the first rows, and the sum of the others.
func printTable(out io.Writer, rows []weight, top int) {
	total := sum(rows).seconds
	fmt.Fprint(out, "| module | build | share | in the binary | for |\n| --- | --- | --- | --- | --- |\n")
	printRows(rows, top, func(name string, w weight, use string) {
		fmt.Fprintf(out, "| %s | %.1f s | %.1f %% | %d kB | %s |\n",
			name, w.seconds, 100*w.seconds/max(total, 1), kilobytes(w), use)
	})
}

// printSizes is printTable without the times.
func printSizes(out io.Writer, rows []weight, top int) {
	fmt.Fprint(out, "| module | in the binary | for |\n| --- | --- | --- |\n")
	printRows(rows, top, func(name string, w weight, use string) {
		fmt.Fprintf(out, "| %s | %d kB | %s |\n", name, kilobytes(w), use)
	})
}

func printRows(rows []weight, top int, row func(name string, w weight, use string)) {
	for _, w := range rows[:min(top, len(rows))] {
		row("`"+w.module+"`", w, cmp.Or(uses[w.module], "–"))
	}
	if len(rows) > top {
		row(fmt.Sprintf("%d others", len(rows)-top), sum(rows[top:]), "–")
	}
}

func sum(rows []weight) (all weight) {
	for _, w := range rows {
		all.seconds += w.seconds
		all.bytes += w.bytes
	}
	return all
}

func kilobytes(w weight) int64 { return (w.bytes + 500) / 1000 }
