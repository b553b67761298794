package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// vegeta (https://github.com/tsenart/vegeta) is open: arrivals at a rate. Its
// report is made afterwards and is not part of what is measured.
var vegeta = tool{
	name:    "vegeta",
	version: []string{"--version"},
	sign:    "Version:",
	command: func(l load) ([]string, error) {
		if l.thinks() {
			return nil, nil
		}
		args := []string{"attack", "-targets", l.file("targets"),
			"-output", l.file("vegeta.bin"), "-duration", l.seconds(), "-rate", strconv.Itoa(l.rate)}
		if l.rate == 0 {
			args = append(args, "-workers", strconv.Itoa(l.users),
				"-max-workers", strconv.Itoa(l.users), "-connections", strconv.Itoa(l.users))
		}
		return args, os.WriteFile(l.file("targets"), []byte("GET "+l.url+"\n"), 0o644)
	},
	figures: func(l load, _ []byte) (figures, error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		said, err := exec.CommandContext(ctx, "vegeta", "report", "-type", "json", l.file("vegeta.bin")).Output()
		if err != nil {
			return figures{}, fmt.Errorf("report vegeta's figures: %w", err)
		}
		return readVegeta(said)
	},
}

func readVegeta(said []byte) (figures, error) {
	var doc struct {
		Requests  int64
		Latencies struct {
			P50 time.Duration `json:"50th"`
			P95 time.Duration `json:"95th"`
			P99 time.Duration `json:"99th"`
		}
	}
	if err := json.Unmarshal(said, &doc); err != nil {
		return figures{}, fmt.Errorf("read vegeta's figures: %w", err)
	}
	return figures{requests: doc.Requests,
		percentiles: percentiles{doc.Latencies.P50, doc.Latencies.P95, doc.Latencies.P99}}, nil
}
