package engine_test

import (
	"runtime"
	"testing"

	"github.com/loadgate/loadgate/internal/engine"
)

// Two runs on one machine are of one class, whatever happens on it.
func TestRunner(t *testing.T) {
	r := engine.Runner()
	if r.OS != runtime.GOOS+"/"+runtime.GOARCH || r.Cores < 1 || r.Memory < 1<<20 {
		t.Errorf("Runner() = %+v, want a machine", r)
	}
	if again := engine.Runner(); again.Class() != r.Class() || r.Class() == "" {
		t.Errorf("Class() = %q, then %q; want one", r.Class(), again.Class())
	}
}
