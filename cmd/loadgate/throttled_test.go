package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// cpuGroup makes a cgroup that may use so much of one processor, and takes it
// away again. Where none can be made the test is skipped.
func cpuGroup(t *testing.T, cpus float64) (procs string) {
	t.Helper()
	const period = 100000 // microseconds
	quota := strconv.Itoa(int(cpus * period))
	reasons := []error{}
	for _, hierarchy := range []struct {
		root, file, text string
	}{
		{"/sys/fs/cgroup", "cpu.max", quota + " " + strconv.Itoa(period)},
		{"/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", quota},
		{"/sys/fs/cgroup/cpu,cpuacct", "cpu.cfs_quota_us", quota},
	} {
		// In a file system that is none of cgroups there would be no such file.
		dir := filepath.Join(hierarchy.root, fmt.Sprintf("loadgate-test-%d", os.Getpid()))
		if err := os.Mkdir(dir, 0o755); err != nil {
			reasons = append(reasons, err)
			continue
		}
		limit, err := os.OpenFile(filepath.Join(dir, hierarchy.file), os.O_WRONLY, 0)
		if err == nil {
			_, err = limit.WriteString(hierarchy.text)
			err = errors.Join(err, limit.Close())
		}
		if err != nil {
			reasons = append(reasons, err, os.Remove(dir))
			continue
		}
		t.Cleanup(func() {
			if err := os.Remove(dir); err != nil {
				t.Errorf("the group stays: %v", err)
			}
		})
		return filepath.Join(dir, "cgroup.procs")
	}
	t.Skipf("no CPU cgroup can be made here: %v", errors.Join(reasons...))
	return ""
}

// A container that is too small for its load makes any service look slow. Here
// it is real: loadgate may use a twentieth of a processor, the service is
// outside and answers at once. The run must not fail the service, nor pass.
func TestThrottledGenerator(t *testing.T) {
	procs := cpuGroup(t, 0.05)
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer service.Close()
	c := newChild(t, `
version: 1
target: {url: `+service.URL+`}
profiles: {p: {users: 40, spawn_rate: 400/s, duration: 4s, warm_up: 0s}}
users: {g: {wait: 5ms..10ms, steps: [GET /]}}
judge: {decide: point}
thresholds:
  sound: {endpoints: "*", success: 99%}
  quick: {endpoints: "*", p95: 20ms}
  much: {endpoints: "*", throughput: 3000/s}
`)
	// The shell enters the group before it becomes loadgate.
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `echo $$ >"$0" && exec "$@"`,
		procs, c.loadgate, "run", "-q", c.file)
	var out, messages bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.dir, &out, &messages
	failed, _ := errors.AsType[*exec.ExitError](cmd.Run())
	if failed == nil || failed.ExitCode() != 3 {
		t.Fatalf("loadgate ended with %v, want code 3\n%s%s", failed, &out, &messages)
	}
	for _, words := range []string{"INCONCLUSIVE", "the generator's container was throttled in",
		"raise its CPU limit"} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), words) {
			t.Errorf("the table does not say %q:\n%s", words, &out)
		}
	}
	verdict, err := os.ReadFile(filepath.Join(c.dir, "loadgate-out", "verdict.json"))
	if err != nil || !bytes.Contains(verdict, []byte("was throttled in")) {
		t.Errorf("verdict.json does not say that it was throttled (%v)", err)
	}
	r := c.result(t)
	throttled := 0
	for _, m := range r.Timeline {
		switch g := m.Generator; {
		case g == nil || g.CPUs == 0: // it was held still for longer than the second
		case g.CPUs != 0.05 || g.Throttle == nil:
			t.Errorf("second %d: reading %+v, want one of 0.05 CPU with a throttle", m.Slot, g)
		default:
			throttled++
		}
	}
	if throttled == 0 {
		t.Error("no second has a reading with a throttle")
	}
}
