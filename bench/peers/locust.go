package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
)

// locust (https://github.com/locustio/locust) is closed. Its FastHttpUser is
// the cheaper of its two clients. It rounds latencies to two digits.
var locust = tool{
	name:    "locust",
	version: []string{"--version"},
	sign:    "locust",
	verdict: []int{1},
	command: func(l load) ([]string, error) {
		if l.users == 0 {
			return nil, nil
		}
		wait := "constant(0)"
		if l.thinks() {
			wait = fmt.Sprintf("between(%g, %g)", l.least.Seconds(), l.most.Seconds())
		}
		script := fmt.Sprintf(`from locust import FastHttpUser, between, constant, task

class User(FastHttpUser):
    wait_time = %s

    @task
    def get(self):
        self.client.get("/")
`, wait)
		return []string{
			"-f", l.file("locustfile.py"), "--headless", "--only-summary", "-u", strconv.Itoa(l.users), "-r", strconv.Itoa(l.users),
			"-t", l.seconds(), "-H", l.url, "--csv", l.file("locust"),
		}, os.WriteFile(l.file("locustfile.py"), []byte(script), 0o644)
	},
	figures: func(l load, _ []byte) (figures, error) {
		file, err := os.Open(l.file("locust_stats.csv"))
		if err != nil {
			return figures{}, err
		}
		defer file.Close()
		rows, err := csv.NewReader(file).ReadAll()
		if err != nil || len(rows) < 2 {
			return figures{}, fmt.Errorf("read locust's figures: %d rows, %v", len(rows), err)
		}
		at := func(column string) float64 {
			i := slices.Index(rows[0], column)
			if i < 0 {
				return 0
			}
			value, err := strconv.ParseFloat(rows[len(rows)-1][i], 64)
			if err != nil {
				return 0 // N/A
			}
			return value
		}
		ms := func(column string) time.Duration { return time.Duration(at(column) * float64(time.Millisecond)) }
		return figures{requests: int64(at("Request Count")), p50: ms("50%"), p95: ms("95%"), p99: ms("99%")}, nil
	},
}
