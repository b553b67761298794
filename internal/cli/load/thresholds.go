package load

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/input"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/thresholds"
)

// DefaultFile is the file of commands that are given none.
const DefaultFile = "thresholds.yaml"

// LargestFile is the size in bytes above which a file is not even read; config
// allows far less, and says so.
const LargestFile = 64 << 20

// AsArgument says how a command is given the file as its argument.
const AsArgument = "name it behind the command, such as perf/thresholds.yaml; loadgate init writes a first one"

// ReadConfig reads and checks a thresholds.yaml, by options whose world is this
// one. how says how a file is named that is not there.
func ReadConfig(env environ.Env, path, how string, o thresholds.Options) (*config.Config, error) {
	path, src, root, err := open(path, how)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	o.Getenv, o.Files, o.Now = env.Getenv, regular.Under(root), env.Now()
	s, err := thresholds.Decode(src, path, o)
	if err != nil {
		return nil, err
	}
	for _, w := range s.Warnings {
		console.Print(env.Stderr, "warning: %s", w)
	}
	return s, nil
}

// open reads a thresholds.yaml and opens its folder. The path that it returns is that of the file.
func open(path, how string) (file string, src []byte, folder *os.Root, err error) {
	path, err = input.FileIn(path, DefaultFile)
	if err != nil {
		return path, nil, nil, err
	}
	if word, ok := loanword.Find(loanword.Script, filepath.Ext(path)); ok {
		return path, nil, nil,
			fmt.Errorf("%s is a script of %s, not a thresholds.yaml; %s", path, word.Tools[0], word.Remedy())
	}
	src, err = regular.Read(path, LargestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil, nil, failure.WithHint(fmt.Errorf("read %s: %w", path, failure.WithoutPath(err)), how)
	}
	if err != nil {
		return path, nil, nil, fmt.Errorf("read %s: %w", path, failure.WithoutPath(err))
	}
	if folder, err = os.OpenRoot(filepath.Dir(path)); err != nil {
		return path, nil, nil, fmt.Errorf("read %s: its folder: %w", path, failure.WithoutPath(err))
	}
	return path, src, folder, nil
}

// FileArgument is the one optional argument of a command, or the default.
func FileArgument(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return DefaultFile
}

// InFile puts the file before a mistake that names no place in it.
func InFile(file string, err error) error {
	if _, placed := errors.AsType[*mistake.Error](err); placed {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}
