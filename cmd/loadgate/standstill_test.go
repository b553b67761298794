//go:build unix

package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A generator that is stopped for a while must not blame the service for it. Here
// it is real: loadgate stands still for 3 s, the service is outside and answers
// at once.
func TestStandstill(t *testing.T) {
	if testing.Short() {
		t.Skip("a real run of 12 s")
	}
	for name, load := range map[string]string{
		"users":    "{users: 4, spawn_rate: 40/s, duration: 12s, warm_up: 0s, try: false}",
		"arrivals": "{rate: 50/s, arrivals: even, max_users: 10, duration: 12s, warm_up: 0s, try: false}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			standStill(t, load)
		})
	}
}

func standStill(t *testing.T, load string) {
	loaded := make(chan struct{})
	var first sync.Once
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/items" {
			first.Do(func() { close(loaded) })
		}
	}))
	defer service.Close()
	c := newChild(t, `
version: 1
target: {url: `+service.URL+`, timeout: 2s}
profiles: {p: `+load+`}
users: {g: {wait: 50ms, steps: [GET /items]}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 99%}
  quick: {endpoints: "*", p95: 1s, max: 2s}
`)
	cmd := exec.CommandContext(t.Context(), c.loadgate, "run", "-q", c.file)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-loaded:
	case <-t.Context().Done():
	}
	began := time.Now()
	<-time.After(time.Until(began.Add(4300 * time.Millisecond)))
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	<-time.After(3 * time.Second)
	if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	length, woke := time.Since(stopped), int(time.Since(began)/time.Second)
	if failed, ok := errors.AsType[*exec.ExitError](cmd.Wait()); ok && failed.ExitCode() == 1 {
		t.Errorf("the service was blamed:\n%s", &out)
	}
	words := strings.Join(strings.Fields(out.String()), " ")
	if !strings.Contains(words, "the generator stood still for") || strings.Contains(words, "FAIL") {
		t.Errorf("want no FAIL, and that the generator stood still:\n%s", &out)
	}
	r := c.result(t)
	var told bool
	for _, m := range r.Timeline {
		if m.Generator == nil || m.Generator.Still < 2*time.Second {
			continue
		}
		told = true
		if still := m.Generator.Still; still < length-500*time.Millisecond || still > length+600*time.Millisecond ||
			m.Slot < woke-1 || m.Slot > woke+1 {
			t.Errorf("second %d: stood still for %s, want %s in about second %d", m.Slot, still, length, woke)
		}
	}
	if !told {
		t.Errorf("no second tells of the %s", length)
	}
}
