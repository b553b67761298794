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
		if l.open() {
			return nil, nil
		}
		script := `function done(summary, latency, requests)
  print(string.format("\nfigures %d %d %d %d", summary.requests,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
`
		if l.thinks() {
			script += fmt.Sprintf("function delay() return math.random(%d, %d) end\n",
				l.least.Milliseconds(), l.most.Milliseconds())
		}
		return []string{"-t1", fmt.Sprintf("-c%d", l.users), "-d" + l.seconds(),
				"--timeout", "10s", "-s", l.file("wrk.lua"), l.url},
			os.WriteFile(l.file("wrk.lua"), []byte(script), 0o644)
	},
	figures: func(_ load, said []byte) (figures, error) {
		var f figures
		_, line, _ := strings.Cut(string(said), "\nfigures ")
		if _, err := fmt.Sscan(line, &f.requests, &f.percentiles[0], &f.percentiles[1], &f.percentiles[2]); err != nil {
			return f, fmt.Errorf("read wrk's figures: %w", err)
		}
		for i := range f.percentiles {
			f.percentiles[i] *= time.Microsecond
		}
		return f, nil
	},
}
