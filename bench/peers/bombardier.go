package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// bombardier (https://github.com/codesenberg/bombardier) is closed; its rate
// is a ceiling. Debian's package of that name is a game.
var bombardier = tool{
	name:    "bombardier",
	version: []string{"--version"},
	sign:    "bombardier version",
	command: func(l load) ([]string, error) {
		if l.open() || l.thinks() && l.rate == 0 {
			return nil, nil
		}
		args := []string{"-c", strconv.Itoa(l.users), "-d", l.seconds(), "-t", "10s", "-l", "-p", "r", "-o", "json"}
		if l.rate > 0 {
			args = append(args, "-r", strconv.Itoa(l.rate))
		}
		return append(args, l.url), nil
	},
	figures: func(_ load, said []byte) (figures, error) {
		var doc struct {
			Result struct {
				OK      int64 `json:"req2xx"`
				Latency struct {
					Percentiles map[string]int64 // microseconds
				}
			}
		}
		if err := json.Unmarshal(said, &doc); err != nil {
			return figures{}, fmt.Errorf("read bombardier's figures: %w", err)
		}
		at := func(p string) time.Duration {
			return time.Duration(doc.Result.Latency.Percentiles[p]) * time.Microsecond
		}
		return figures{requests: doc.Result.OK, percentiles: percentiles{at("50"), at("95"), at("99")}}, nil
	},
}
