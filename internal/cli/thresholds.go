package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/regular"
)

// defaultFile is the file of commands that are given none.
const defaultFile = "thresholds.yaml"

// largestFile is the size in bytes above which a file is not even read; spec
// asks for far less, and says so.
const largestFile = 64 << 20

// How a command is given the file.
const (
	asArgument = "name it behind the command, such as perf/thresholds.yaml; loadgate init writes a first one"
	asFlag     = "name it with --thresholds FILE; loadgate init writes a first one"
)

// loadConfig reads and checks a thresholds.yaml, by options whose world is this
// one. how says how a file is named that is not there.
func loadConfig(env environ.Env, path, how string, o config.Options) (*config.Config, error) {
	path, err := inFolder(path, defaultFile)
	if err != nil {
		return nil, err
	}
	if word, ok := loanword.Find(loanword.Script, filepath.Ext(path)); ok {
		return nil, fmt.Errorf("%s is a script of %s, and no thresholds.yaml; %s", path, word.Tools[0], word.Remedy())
	}
	src, err := regular.Read(path, largestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, failure.WithHint(fmt.Errorf("read %s: %w", path, failure.WithoutPath(err)), how)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, failure.WithoutPath(err))
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read %s: its folder: %w", path, failure.WithoutPath(err))
	}
	defer root.Close()
	o.Getenv, o.Files, o.Now = env.Getenv, regular.Under(root), env.Now()
	s, err := config.Decode(src, path, o)
	if err != nil {
		return nil, err
	}
	for _, w := range s.Warnings {
		say(env.Stderr, "warning: %s", w)
	}
	return s, nil
}

// fileArgument is the one optional argument of a command, or the default.
func fileArgument(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return defaultFile
}

// ofFile puts the file before a mistake that names no place in it.
func ofFile(file string, err error) error {
	if strings.HasPrefix(err.Error(), file+":") {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}
