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
// its connections. Its buckets begin at 1 ms unless told otherwise. Each
// connection sends one request before it counts.
var fortio = tool{
	name:    "fortio",
	version: []string{"version"},
	command: func(l load) ([]string, error) {
		if l.open() || l.thinks() && l.rate == 0 {
			return nil, nil
		}
		return []string{
			"load", "-c", strconv.Itoa(l.users), "-qps", strconv.Itoa(l.rate), "-uniform", "-t", l.seconds(),
			"-r", "0.0001", "-p", "50,95,99", "-json", l.file("fortio.json"), l.url,
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
