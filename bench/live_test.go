//go:build linux

package bench_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/testport"
)

// The windows of BenchmarkLive: in one of ten seconds there are ten updates, two of the endpoints and one of a
// judgement. What a browser costs as it comes and goes is between them.
const (
	liveRuns    = 2  // of two processes at once
	livePairs   = 8  // of windows, in each of them
	liveViewers = 2  // of the process that is watched
	liveUsers   = 10 // seconds until all users are there
	liveWindow  = 10 * time.Second
	liveBetween = time.Second
)

// BenchmarkLive is what two browsers that look on cost the generator: its processor time with them as a multiple of
// that without. Two processes make the same load at the same time, and the browsers look at one and the other in turn.
// So a window with them is compared with one of the same process without them, and whatever else the machine does in
// the two windows is seen by the other process as well. The ratio is the median over pairs of windows; from and to are
// its interval of 97.9 %, the ranks 4 and 13 of 16.
func BenchmarkLive(b *testing.B) {
	program := filepath.Join(b.TempDir(), "loadgate")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/loadgate").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for b.Loop() {
		var ratios []float64
		var lags [2]hist.Latency // without viewers, and with them
		var alone time.Duration
		received := int64(0)
		for range liveRuns {
			first, second := startLive(b, program), startLive(b, program)
			time.Sleep(liveUsers * time.Second)
			for range livePairs {
				one, n := first.watched(b, second)
				two, m := second.watched(b, first)
				// Of each process, the time with viewers as a multiple of that without; of both, the mean.
				ratio := float64(one.seen) / float64(two.other) * float64(two.seen) / float64(one.other)
				ratios = append(ratios, math.Sqrt(ratio))
				alone, received = alone+one.other+two.other, received+n+m
			}
			first.end(b, &lags)
			second.end(b, &lags)
		}
		slices.Sort(ratios)
		n := len(ratios)
		b.ReportMetric((ratios[(n-1)/2]+ratios[n/2])/2, "ratio")
		b.ReportMetric(ratios[3], "from")
		b.ReportMetric(ratios[n-4], "to")
		b.ReportMetric(ratios[0], "least")
		b.ReportMetric(ratios[n-1], "most")
		windows := 2 * float64(n) * liveWindow.Seconds()
		b.ReportMetric(alone.Seconds()*1000/windows, "cpu-ms/s")
		b.ReportMetric(float64(received)/liveViewers/windows, "B/s/viewer")
		for i, name := range []string{"lag-alone-ms", "lag-seen-ms"} {
			lag, _ := lags[i].Quantile(0.99)
			b.ReportMetric(float64(lag)/float64(time.Millisecond), name)
		}
	}
}

// liveProcess is a run of 200 users with a page, and a demo of its own.
type liveProcess struct {
	run          *exec.Cmd
	demo         *exec.Cmd
	folder       string
	address, key string
	printed      sync.WaitGroup
	seen         [][2]time.Time // when there were viewers
}

func startLive(b *testing.B, program string) *liveProcess {
	b.Helper()
	port, err := testport.Free()
	if err != nil {
		b.Fatal(err)
	}
	host := fmt.Sprintf("127.0.0.1:%d", port)
	p := &liveProcess{folder: b.TempDir(), demo: exec.Command(program, "demo", "--listen", host)}
	if err := p.demo.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.stop() })
	length := liveUsers*time.Second + 2*livePairs*(liveWindow+2*liveBetween) + time.Minute
	p.run = exec.Command(program, "run", "../thresholds.yaml", "--host", "http://"+host, "--profile", "demo",
		"-u", "200", "-t", length.String(), "--seed", "7", "--no-try", "--out", p.folder, "--web=127.0.0.1:0")
	printed, err := p.run.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.run.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(printed)
	link := regexp.MustCompile(`(http://\S+)/#key=(\S+)`)
	for p.key == "" && lines.Scan() {
		if found := link.FindStringSubmatch(lines.Text()); found != nil {
			p.address, p.key = found[1], found[2]
		}
	}
	if p.key == "" {
		b.Fatal("the run has printed no address")
	}
	p.printed.Go(func() {
		for lines.Scan() {
		}
	})
	return p
}

// stop ends what still runs.
func (p *liveProcess) stop() {
	for _, c := range []*exec.Cmd{p.run, p.demo} {
		if c != nil && c.ProcessState == nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
}

// spent is the processor time of two processes in one window.
type spent struct{ seen, other time.Duration }

// watched lets browsers look at the process for a window: what it and the other one spent in it, and how many bytes
// the browsers received.
func (p *liveProcess) watched(b *testing.B, other *liveProcess) (spent, int64) {
	ctx, leave := context.WithCancel(b.Context())
	defer leave()
	var all sync.WaitGroup
	var counts [liveViewers]counter
	for i := range counts {
		all.Go(func() { look(ctx, b, p.address, p.key, &counts[i]) })
	}
	received := func() (n int64) {
		for i := range counts {
			n += counts[i].n.Load()
		}
		return n
	}
	time.Sleep(liveBetween)
	began, mine, others, before := time.Now(), p.spent(b), other.spent(b), received()
	time.Sleep(time.Until(began.Add(liveWindow)))
	s := spent{p.spent(b) - mine, other.spent(b) - others}
	n := received() - before
	p.seen = append(p.seen, [2]time.Time{began, time.Now()})
	leave()
	all.Wait()
	time.Sleep(liveBetween)
	return s, n
}

// spent is the processor time of the run so far.
func (p *liveProcess) spent(b *testing.B) time.Duration {
	b.Helper()
	// The processor clock of another process, clock_getcpuclockid(3).
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^p.run.Process.Pid<<3|2), &t); err != nil {
		b.Fatal(err)
	}
	return time.Duration(t.Nano())
}

// end interrupts the run, and adds how late its requests were sent, without viewers and with them.
func (p *liveProcess) end(b *testing.B, lags *[2]hist.Latency) {
	b.Helper()
	if err := p.run.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	p.printed.Wait()
	_ = p.run.Wait() // whatever the verdict is
	p.stop()
	file, err := os.Open(filepath.Join(p.folder, "result.json"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	r, err := result.Decode(file, file.Name())
	if err != nil {
		b.Fatal(err)
	}
	for i, m := range r.Timeline {
		if i < liveUsers {
			continue
		}
		at, seen := r.Started.Add(time.Duration(m.Slot)*result.SlotLength), 0
		for _, window := range p.seen {
			if at.After(window[0].Add(-result.SlotLength)) && at.Before(window[1]) {
				seen = 1
			}
		}
		if err := m.Lag.Into(&lags[seen]); err != nil {
			b.Fatal(err)
		}
	}
}

// counter counts what is written to it.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n.Add(int64(len(b)))
	return len(b), nil
}

// look follows the page as a browser does, packed, until ctx ends.
func look(ctx context.Context, b *testing.B, address, key string, received io.Writer) {
	r, err := http.NewRequestWithContext(ctx, "POST", address+"/key", strings.NewReader(key))
	if err != nil {
		b.Error(err)
		return
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	answer.Body.Close()
	if r, err = http.NewRequestWithContext(ctx, "GET", address+"/events", nil); err != nil {
		b.Error(err)
		return
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.AddCookie(answer.Cookies()[0])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	defer stream.Body.Close()
	if _, err := io.Copy(received, stream.Body); !errors.Is(err, context.Canceled) {
		b.Errorf("the page ended while it was looked at: %v", err)
	}
}
