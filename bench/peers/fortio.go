package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// fortio (https://github.com/fortio/fortio) is closed; its rate is spread over
// its connections. Each connection sends one request before it counts. Its
// buckets begin at a resolution and grow until they are as wide as a thousand
// of it; between their edges it draws straight lines.
var fortio = tool{
	name:    "fortio",
	version: []string{"version"},
	command: func(l load) ([]string, error) {
		if l.open() || l.thinks() && l.rate == 0 {
			return nil, nil
		}
		resolution := "0.0001"
		if l.target.Median > 0 {
			resolution = "0.001" // at the finer one 100 ms and 200 ms are neighbours
		}
		return []string{
			"load", "-c", strconv.Itoa(l.users), "-qps", strconv.Itoa(l.rate), "-uniform", "-t", l.seconds(),
			"-r", resolution, "-p", "50,95,99", "-json", l.file("fortio.json"), l.url,
		}, nil
	},
	figures: func(l load, _ []byte) (figures, error) {
		text, err := os.ReadFile(l.file("fortio.json"))
		if err != nil {
			return figures{}, err
		}
		var doc struct {
			NumThreads        int64
			DurationHistogram struct {
				Count       int64
				Percentiles []struct{ Percentile, Value float64 } // seconds
			}
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			return figures{}, fmt.Errorf("read fortio's figures: %w", err)
		}
		f := figures{requests: doc.DurationHistogram.Count + doc.NumThreads}
		for _, p := range doc.DurationHistogram.Percentiles {
			if i := slices.Index(quantiles[:], p.Percentile/100); i >= 0 {
				f.percentiles[i] = time.Duration(p.Value * float64(time.Second))
			}
		}
		return f, nil
	},
}
