package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk returns a folder on a disk of the given size. Only root can make one.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("the small disk stays: %v", err)
		}
	})
	return dir
}

// unproven lets a run pass that is too short to prove anything.
const unproven = "judge: {decide: point, inconclusive: pass}"

// Where the disk of the run is full, it is judged from memory, and says what is missing. Its workers keep their
// journals then, which make the same result.
func TestFleetDiskOfRunFull(t *testing.T) {
	if testing.Short() {
		t.Skip("a run of seconds")
	}
	t.Parallel()
	disk := smallDisk(t, "12k")
	load := strings.Replace(smallLoad(quickService(t).URL, 8), "judge: {decide: point}", unproven, 1)
	f := startFleet(t, load, 2, "--out", disk)
	f.joinAll()
	if code := f.run.exit(); code != 4 {
		t.Errorf("the run exits with %d, want 4", code)
	}
	said := flat(f.run.text())
	for _, want := range []string{"write the journals of the workers: ", "no space left on device", "Exit code 4."} {
		if !strings.Contains(said, want) {
			t.Errorf("the run does not say %q", want)
		}
	}
	args := []string{"check", "--thresholds", f.file}
	for k, w := range f.workers {
		if code := w.exit(); code != 4 || !strings.Contains(w.text(), "has not kept the end of this journal") {
			t.Errorf("worker %d exits with %d, want 4, and why it keeps its journal", k+1, code)
		}
		kept := f.read(filepath.Join(disk, "workers", fmt.Sprintf("%d.ndjson", k+1)))
		if own := f.own(k + 1); len(kept) == 0 || len(kept) == len(own) || !bytes.HasPrefix(own, kept) {
			t.Errorf("the run has kept %d bytes of worker %d, which wrote %d", len(kept), k+1, len(own))
		}
		args = append(args, f.journal(k+1))
	}
	check := f.start("check", nil, args...)
	if code := check.exit(); code != 0 || !strings.Contains(check.text(), "ran to its end") {
		t.Errorf("their journals are judged with %d, want 0", code)
	}
}

// Where the disk of a worker is full, its part ends there, and the run names it.
func TestFleetDiskOfWorkerFull(t *testing.T) {
	if testing.Short() {
		t.Skip("a run of seconds")
	}
	t.Parallel()
	disk := smallDisk(t, "4k")
	f := startFleet(t, smallLoad(quickService(t).URL, 8), 2)
	if err := os.Symlink(disk, filepath.Join(f.dir, "runner-2")); err != nil {
		t.Fatal(err)
	}
	f.joinAll()
	f.names(2)
	if code := f.workers[1].exit(); code != 4 || !strings.Contains(f.workers[1].text(), "no space left on device") {
		t.Errorf("the worker exits with %d, want 4, and why", code)
	}
	if !strings.Contains(f.run.text(), "worker runner-2: write ") {
		t.Error("the run does not say why it goes on without the worker")
	}
	f.delivered(1)
	if own, sent := f.own(2), f.sent(2); len(sent) == 0 || !bytes.HasPrefix(own, sent) {
		t.Errorf("the run has %d bytes of the worker, which wrote %d", len(sent), len(own))
	}
	f.sums()
}
