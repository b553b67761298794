package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/loadgate/loadgate"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/unit"
)

// file is the file that a command was given, or the default. Where --demo is
// given none and there is none, the stand-in's own is read.
func (f *targetFlags) file(args []string) string {
	f.load.carried = f.demo && carriedFor(args)
	return fileArgument(args)
}

// carriedFor says whether there is no file but the one in this program: none is
// named, and the default one does not exist.
func carriedFor(args []string) bool {
	_, err := os.Stat(defaultFile)
	return len(args) == 0 && errors.Is(err, fs.ErrNotExist)
}

// spec reads the file that file has chosen.
func (f *loadFlags) spec(env Env, file string, o config.Options) (*config.Config, error) {
	if !f.carried {
		return loadConfig(env, file, asArgument, o)
	}
	tellCarried(env)
	return demoConfig(env, o)
}

func tellCarried(env Env) {
	say(env.Stderr, "no %s here: the demo's own is used; loadgate init --demo writes it", defaultFile)
}

// demoConfig is the file of the stand-in that this program carries. It has the name,
// and each line the number, that loadgate init --demo gives it.
func demoConfig(env Env, o config.Options) (*config.Config, error) {
	o.Getenv = env.Getenv
	return config.Decode([]byte(loadgate.DemoFile), defaultFile, o)
}

// misled adds to what is wrong with a file how the stand-in's own is read, where
// --demo was given another.
func (f *targetFlags) misled(file string, err error) error {
	src, unread := regular.Read(file, largestFile)
	own := f.load.carried || string(src) == loadgate.DemoFile
	if own || unread != nil || !strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return hintError{err, otherFileHint(file)}
}

// otherFile is the advice for a load of the stand-in that does not begin, where
// the load is another than that of the stand-in's own file; else empty.
func otherFile(env Env, s *config.Config) string {
	own, err := demoConfig(env, config.Options{Unsent: true})
	if err != nil || s.Digest() == own.Digest() {
		return ""
	}
	return otherFileHint(s.File)
}

func otherFileHint(file string) string {
	return fmt.Sprintf("--demo loads the stand-in, and %s is not its own file: "+
		"loadgate init --demo -o demo.yaml writes that; name it behind the command", file)
}

// advised puts the advice for another file than the stand-in's own behind what
// kept its load from beginning.
func (t *target) advised(ctx context.Context, err error) error {
	if err == nil || t.hint == "" || ctx.Err() != nil {
		return err
	}
	return hintError{err, t.hint}
}

// ofDemo says whether a run was made with the requests of the stand-in's own
// file, whatever its profile was.
func ofDemo(r *result.Result, own *config.Config) bool {
	requests := own.Parts().Endpoints
	same := 0
	for _, e := range r.Endpoints {
		switch {
		case e.Start:
		case e.Request == "" || e.Request != requests[e.Name]:
			return false
		default:
			same++
		}
	}
	return same > 0 && r.Name == own.Name && !r.Source.Foreign()
}

// demoLimits are those of the stand-in's own file, for results of its load that
// nobody names a file for, where there is none; nil: it is another load's.
func demoLimits(env Env, files []string) *config.Config {
	own, err := demoConfig(env, config.Options{LimitsOnly: true, Unsent: true})
	if err != nil || !carriedFor(nil) {
		return nil
	}
	for _, name := range files {
		if r, err := readResult(name); err != nil || !ofDemo(r, own) {
			return nil
		}
	}
	return own
}

// writeDemo writes the stand-in's own file.
func (f *initFlags) writeDemo(env Env) error {
	if f.host != "" || f.name != "" {
		return errors.New("--demo excludes --host and --service: the demo is its own target")
	}
	s, err := demoConfig(env, config.Options{Unsent: true})
	if err != nil {
		return err
	}
	if err := writeNew(env, f.out, f.force, []byte(loadgate.DemoFile)); err != nil || f.out == "-" {
		return err
	}
	file := ""
	if f.out != defaultFile {
		file = clean(f.out) + " "
	}
	_, err = fmt.Fprintf(env.Stdout, "%s: %s, %s\nnext: loadgate run %s--demo --profile demo\n",
		clean(f.out), unit.Counted(len(s.Groups), "group"), unit.Counted(len(s.Rules), "rule"), file)
	return written(err)
}
