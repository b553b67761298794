package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/identity"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// NoFile says whether only the demo's own file is left to read: no file is named, and the default
// one does not exist.
func NoFile(args []string) bool {
	_, err := os.Stat(DefaultFile)
	return len(args) == 0 && errors.Is(err, fs.ErrNotExist)
}

// Config reads the file that a command was given, or the demo's own.
func (f *Flags) Config(env environ.Env, file string, o thresholds.Options) (*config.Config, error) {
	if !f.UseDemoFile {
		return ReadConfig(env, file, AsArgument, o)
	}
	PrintDemoFile(env)
	return DemoConfig(env, o)
}

// PrintDemoFile prints that the stand-in's own file is used.
func PrintDemoFile(env environ.Env) {
	console.Print(env.Stderr, "no %s here: using the demo's own; loadgate init --demo writes it", DefaultFile)
}

// DemoConfig is the file of the stand-in that this program carries. It has the name,
// and each line the number, that loadgate init --demo gives it.
func DemoConfig(env environ.Env, o thresholds.Options) (*config.Config, error) {
	o.Getenv = env.Getenv
	return thresholds.Decode([]byte(loadgate.DemoFile), DefaultFile, o)
}

// OtherFile is the advice for a load of the stand-in that does not begin, where
// the load is another than that of the stand-in's own file; else empty.
func OtherFile(env environ.Env, s *config.Config) string {
	own, err := DemoConfig(env, thresholds.Options{Unsent: true})
	if err != nil || identity.Of(s) == identity.Of(own) {
		return ""
	}
	return OtherFileHint(s.File)
}

// OtherFileHint is the advice for a file that is not the stand-in's own.
func OtherFileHint(file string) string {
	return fmt.Sprintf("--demo loads the stand-in, and %s is not its own file: "+
		"loadgate init --demo -o demo.yaml writes that; name it behind the command", file)
}

// ofDemo says whether a run was made with the requests of the stand-in's own
// file, whatever its profile was.
func ofDemo(r *result.Result, own *config.Config) bool {
	requests := identity.PartsOf(own).Endpoints
	same := 0
	for _, e := range r.Endpoints {
		switch {
		case e.Once.Any():
		case e.Request == "" || e.Request != requests[e.Name]:
			return false
		default:
			same++
		}
	}
	return same > 0 && r.Name == own.Name && !r.Source.Foreign()
}

// DemoLimits are those of the demo's own file, for results of its load when no file is
// named or found; nil: the result is of another load.
func DemoLimits(env environ.Env, files []string) *config.Config {
	own, err := DemoConfig(env, thresholds.Options{LimitsOnly: true, Unsent: true})
	if err != nil || !NoFile(nil) {
		return nil
	}
	for _, name := range files {
		if r, err := input.ReadResult(name); err != nil || !ofDemo(r, own) {
			return nil
		}
	}
	return own
}
