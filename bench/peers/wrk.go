package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// wrk (https://github.com/wg/wrk) is closed; its delay() makes think times,
// and done() prints the p95 that its table leaves out. Neither costs anything
// a request where it is not asked for.
var wrk = tool{
	name:    "wrk",
	version: []string{"-v"},
	sign:    "Will Glozer",
	command: func(l load) ([]string, error) {
		if l.users == 0 {
			return nil, nil
		}
		script := `function done(summary, latency, requests)
  print(string.format("\nfigures %d %d %d %d", summary.requests,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
`
		if l.thinks() {
			script += fmt.Sprintf("function delay() return math.random(%d, %d) end\n", l.least.Milliseconds(), l.most.Milliseconds())
		}
		return []string{"-t1", fmt.Sprintf("-c%d", l.users), "-d" + l.seconds(), "--timeout", "10s", "-s", l.file("wrk.lua"), l.url},
			os.WriteFile(l.file("wrk.lua"), []byte(script), 0o644)
	},
	figures: func(_ load, said []byte) (figures, error) {
		var requests, p50, p95, p99 int64
		_, line, _ := strings.Cut(string(said), "\nfigures ")
		if _, err := fmt.Sscan(line, &requests, &p50, &p95, &p99); err != nil {
			return figures{}, fmt.Errorf("read wrk's figures: %w", err)
		}
		return figures{
			requests: requests,
			p50:      time.Duration(p50) * time.Microsecond,
			p95:      time.Duration(p95) * time.Microsecond,
			p99:      time.Duration(p99) * time.Microsecond,
		}, nil
	},
}
