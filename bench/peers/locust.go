package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// locust (https://github.com/locustio/locust) is closed. Its FastHttpUser is
// the cheaper of its two clients. It rounds latencies to two digits and whole
// milliseconds: below half of one it says nothing.
//
// Note: its CSV files are written every second and not at the end; of a short
// run they miss a third of the requests.
var locust = tool{
	name:    "locust",
	version: []string{"--version"},
	sign:    "locust",
	verdict: []int{1},
	command: func(l load) ([]string, error) {
		if l.open() {
			return nil, nil
		}
		wait := "constant(0)"
		if l.thinks() {
			wait = fmt.Sprintf("between(%g, %g)", l.least.Seconds(), l.most.Seconds())
		}
		script := fmt.Sprintf(`from locust import FastHttpUser, between, constant, events, task

class User(FastHttpUser):
    wait_time = %s

    @task
    def get(self):
        self.client.get("/")

@events.quitting.add_listener
def say(environment, **_):
    total = environment.stats.total
    print("figures", total.num_requests, *(total.get_response_time_percentile(q) or 0 for q in (0.50, 0.95, 0.99)))
`, wait)
		return []string{
			"-f", l.file("locustfile.py"), "--headless", "--only-summary",
			"-u", strconv.Itoa(l.users), "-r", strconv.Itoa(l.perSecond()),
			"-t", l.seconds(), "-H", l.url,
		}, os.WriteFile(l.file("locustfile.py"), []byte(script), 0o644)
	},
	figures: func(_ load, said []byte) (figures, error) {
		var f figures
		var ms [len(quantiles)]float64
		_, line, _ := strings.Cut("\n"+string(said), "\nfigures ")
		if _, err := fmt.Sscan(line, &f.requests, &ms[0], &ms[1], &ms[2]); err != nil {
			return f, fmt.Errorf("read locust's figures: %w", err)
		}
		for i, value := range ms {
			f.percentiles[i] = time.Duration(value * float64(time.Millisecond))
		}
		return f, nil
	},
}
