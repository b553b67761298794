package bench_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
)

// BenchmarkLive is what two browsers that look on cost the generator: its processor time with them as a multiple of
// that without, over pairs of runs in turn against a demo in a process of its own.
func BenchmarkLive(b *testing.B) {
	program := filepath.Join(b.TempDir(), "loadgate")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/loadgate").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	demo := exec.Command(program, "demo", "--listen", "127.0.0.1:18099")
	if err := demo.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = demo.Process.Kill()
		_ = demo.Wait()
	})
	for b.Loop() {
		var alone, seen []time.Duration
		var lags [2][]time.Duration
		var ratios []float64
		bytes := 0.0
		for range 6 {
			cpu, lag, _ := liveRun(b, program, 0)
			alone, lags[0] = append(alone, cpu), append(lags[0], lag)
			cpu, lag, received := liveRun(b, program, 2)
			seen, lags[1] = append(seen, cpu), append(lags[1], lag)
			ratios = append(ratios, float64(seen[len(seen)-1])/float64(alone[len(alone)-1]))
			bytes = max(bytes, float64(received)/2/liveSeconds)
		}
		slices.Sort(ratios)
		b.ReportMetric((ratios[2]+ratios[3])/2, "ratio")
		b.ReportMetric(ratios[0], "least")
		b.ReportMetric(ratios[5], "most")
		b.ReportMetric(bytes, "B/s/viewer")
		for i, name := range []string{"lag-alone-ms", "lag-seen-ms"} {
			slices.Sort(lags[i])
			b.ReportMetric(float64(lags[i][3])/float64(time.Millisecond), name)
		}
	}
}

const liveSeconds = 30

// liveRun makes one run with so many viewers: its processor time, the p99 of its lag, and the bytes that they received.
func liveRun(b *testing.B, program string, viewers int) (cpu, lag time.Duration, received int64) {
	b.Helper()
	folder := b.TempDir()
	args := []string{"run", "../thresholds.yaml", "--host", "http://127.0.0.1:18099", "--profile", "demo", "-u", "200",
		"-t", fmt.Sprintf("%ds", liveSeconds), "--seed", "7", "--no-try", "--out", folder}
	if viewers > 0 {
		args = append(args, "--web=127.0.0.1:0")
	}
	run := exec.Command(program, args...)
	run.Stdout = io.Discard
	printed, err := run.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(printed)
	var all sync.WaitGroup
	counts := make([]int64, viewers)
	for lines.Scan() {
		at := regexp.MustCompile(`(http://\S+)/#key=(\S+)`).FindStringSubmatch(lines.Text())
		for i := range viewers {
			if at != nil {
				all.Go(func() { counts[i] = look(b, at[1], at[2]) })
			}
		}
	}
	_ = run.Wait() // whatever the verdict is
	all.Wait()
	for _, n := range counts {
		received += n
	}
	file, err := os.Open(filepath.Join(folder, "result.json"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	r, err := result.Decode(file, file.Name())
	if err != nil {
		b.Fatal(err)
	}
	var late hist.Latency
	for _, m := range r.Timeline {
		if err := m.Lag.Into(&late); err != nil {
			b.Fatal(err)
		}
	}
	lag, _ = late.Quantile(0.99)
	return run.ProcessState.UserTime() + run.ProcessState.SystemTime(), lag, received
}

// look follows the page as a browser does, packed, until it ends.
func look(b *testing.B, address, key string) int64 {
	answer, err := http.Post(address+"/key", "text/plain", strings.NewReader(key))
	if err != nil {
		b.Error(err)
		return 0
	}
	answer.Body.Close()
	r, err := http.NewRequest("GET", address+"/events", nil)
	if err != nil {
		b.Error(err)
		return 0
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.AddCookie(answer.Cookies()[0])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Error(err)
		return 0
	}
	defer stream.Body.Close()
	n, _ := io.Copy(io.Discard, stream.Body)
	return n
}
