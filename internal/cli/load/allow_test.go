package load_test

import (
	"testing"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/config"
)

// The file may be a stranger's, and the hint is pasted into a shell: no entry may run there.
func TestHintsAreForAShell(t *testing.T) {
	for _, tt := range []struct{ entry, flag, twin string }{
		{"staging.example.com", "--allow staging.example.com", "LOADGATE_ALLOW='staging.example.com'"},
		{"a$(touch${IFS}b)", "--allow 'a$(touch${IFS}b)'", "LOADGATE_ALLOW='a$(touch${IFS}b)'"},
		{"unix:/run/it's.sock", `--allow 'unix:/run/it'\''s.sock'`, `LOADGATE_ALLOW='unix:/run/it'\''s.sock'`},
	} {
		target := config.Target{Grants: []config.Grant{{Entry: tt.entry, Shown: tt.entry}}}
		hint := failure.HintOf(load.CheckAllowed(target, nil))
		if want := "give it with " + tt.flag + ", or with " + tt.twin + " in the environment"; hint != want {
			t.Errorf("%s: %q, want %q", tt.entry, hint, want)
		}
		if flags := load.AllowFlags(target, nil); flags != tt.flag {
			t.Errorf("%s: %q, want %q", tt.entry, flags, tt.flag)
		}
	}
}
