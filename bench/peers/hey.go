package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// hey (https://github.com/rakyll/hey) is closed and has neither a think time
// nor a version. It prints 0.1 ms at the finest, and keeps the first million
// answers only.
var hey = tool{
	name: "hey",
	sign: "hey [options...]",
	command: func(l load) ([]string, error) {
		if l.open() || l.thinks() {
			return nil, nil
		}
		return []string{"-c", strconv.Itoa(l.users), "-z", l.seconds(), l.url}, nil
	},
	figures: func(_ load, said []byte) (figures, error) {
		var f figures
		for _, m := range heyPercentile.FindAllSubmatch(said, -1) {
			seconds, err := strconv.ParseFloat(string(m[2]), 64)
			if err != nil {
				return f, fmt.Errorf("read hey's figures: %w", err)
			}
			if i := slices.Index([]string{"50", "95", "99"}, string(m[1])); i >= 0 {
				f.percentiles[i] = time.Duration(seconds * float64(time.Second))
			}
		}
		count := heyCount.FindSubmatch(said)
		if count == nil {
			return f, fmt.Errorf("read hey's figures: it counted no answer of status 200")
		}
		var err error
		f.requests, err = strconv.ParseInt(string(count[1]), 10, 64)
		return f, err
	},
}

// Some versions print the percent sign twice.
var (
	heyPercentile = regexp.MustCompile(`(?m)^\s*(\d+)%+ in ([\d.]+) secs`)
	heyCount      = regexp.MustCompile(`(?m)^\s*\[200\]\s+(\d+) responses`)
)
