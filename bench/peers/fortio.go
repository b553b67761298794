package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

// fortio (https://github.com/fortio/fortio) is closed; its rate is spread over
// its connections. Its buckets begin at 1 ms unless told otherwise.
var fortio = tool{
	name:    "fortio",
	version: []string{"version"},
	command: func(l load) ([]string, error) {
		if l.users == 0 || l.thinks() && l.rate == 0 {
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
			DurationHistogram struct {
				Count       int64
				Percentiles []struct{ Percentile, Value float64 } // seconds
			}
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			return figures{}, fmt.Errorf("read fortio's figures: %w", err)
		}
		f := figures{requests: doc.DurationHistogram.Count}
		for _, p := range doc.DurationHistogram.Percentiles {
			value := time.Duration(p.Value * float64(time.Second))
			switch p.Percentile {
			case 50:
				f.p50 = value
			case 95:
				f.p95 = value
			case 99:
				f.p99 = value
			}
		}
		return f, nil
	},
}
