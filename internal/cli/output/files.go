// Package output writes files so that none is lost: to a temporary name in the same folder,
// then renamed. Folders are tested before the run and locked for one command. It knows the
// names of a run's files, and not what is in them.
package output

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
)

// WriteFile writes a temporary file in the same folder and renames it: a reader
// never sees half a report, and a failed write leaves the one before. Missing
// folders are made. A symbolic link stays, and the file that it leads to is replaced, with the
// same permissions. What is not a regular file, such as /dev/stdout or a pipe, is written
// directly; - is standard output.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if IsDevice(path) {
		return writeDevice(path, write)
	}
	if err := CheckLinks(path); err != nil {
		return failure.CouldNotRun(fmt.Errorf("write: %w", err))
	}
	file := RealPath(path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, failure.WithoutPath(err)))
	}
	f, err := createBeside(file)
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, failure.WithoutPath(err)))
	}
	defer func() {
		if err != nil {
			err = failure.CouldNotRun(fmt.Errorf("write %s: %w",
				path, errors.Join(failure.WithoutPath(err), os.Remove(f.Name()))))
		}
	}()
	if err := fill(f, write); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// createBeside creates a file with a name of its own in the folder of another, which it will replace. It
// has the permissions of that one; without one, others may read it as far as the umask allows.
func createBeside(file string) (*os.File, error) {
	const tries = 100
	for try := 0; ; try++ {
		name := fmt.Sprintf(".%s.%s", filepath.Base(file), rand.Text()[:10])
		f, err := os.OpenFile(filepath.Join(filepath.Dir(file), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) && try < tries {
			continue
		}
		if err != nil {
			return nil, err
		}
		if before, err := os.Stat(file); err == nil {
			_ = f.Chmod(before.Mode().Perm()) // a file system may have none
		}
		return f, nil
	}
}

// AddFileFlag adds --file, which names the file to write. Its older name, -o, is hidden: in other
// commands -o writes a report, FORMAT=FILE.
func AddFileFlag(cmd *cobra.Command, file *string, usual string) {
	flags := cmd.Flags()
	flags.StringVar(file, "file", usual, "file to write; - is standard output")
	flags.StringVarP(file, "output", "o", usual, "the same as --file")
	flags.Lookup("output").Hidden = true
}

// WritePrivate is WriteFile for a secret: only the owner may read the file.
func WritePrivate(path string, write func(io.Writer) error) error {
	if !IsDevice(path) {
		if err := makePrivate(path); err != nil {
			return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, failure.WithoutPath(err)))
		}
	}
	return WriteFile(path, write)
}

// makePrivate makes an empty file for the owner alone, or takes the permissions of others from the one that is there: a
// file gets the permissions of the one that it replaces.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// WriteNew writes a file that a person will edit. It overwrites a file only with force. The path - is
// standard output.
func WriteNew(env environ.Env, path string, force bool, text []byte) error {
	return writeNew(env, path, force, text, WriteFile)
}

// CheckNew is why WriteNew would not write a file: it is there, and may not be replaced. A command that takes its
// time asks before it begins.
func CheckNew(path string, force bool) error {
	if _, err := os.Lstat(path); path == "-" || force || err != nil {
		return nil
	}
	return failure.WithHint(fmt.Errorf("%s already exists", path),
		"write another file with --file FILE, or overwrite it with --force")
}

// CheckWritable is why a file could not be written later: its folder is not there, or takes no file, or it is a pipe,
// which waits for a reader.
func CheckWritable(path string) error {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		return fmt.Errorf("write %s: it is a pipe, and nobody may read it; write a file", path)
	}
	if path == "-" || IsDevice(path) {
		return nil
	}
	f, err := createBeside(path)
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, failure.WithoutPath(err)))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// WriteNewPrivate is WriteNew for a secret: only the owner may read the file.
func WriteNewPrivate(env environ.Env, path string, force bool, text []byte) error {
	return writeNew(env, path, force, text, WritePrivate)
}

func writeNew(env environ.Env, path string, force bool, text []byte,
	write func(string, func(io.Writer) error) error) error {
	if path == "-" {
		_, err := env.Stdout.Write(text)
		return console.WriteError(err)
	}
	if err := CheckNew(path, force); err != nil {
		return err
	}
	return write(path, func(w io.Writer) error { _, err := w.Write(text); return err })
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, end, err := openDevice(path)
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, failure.WithoutPath(err)))
	}
	// A reader that goes away has read enough, as on standard output.
	out := bufio.NewWriter(console.NewPipeWriter(f))
	if err = write(out); err == nil {
		err = out.Flush()
	}
	if err := errors.Join(failure.WithoutPath(err), failure.WithoutPath(end())); err != nil {
		return failure.CouldNotRun(fmt.Errorf("write %s: %w", path, err))
	}
	return nil
}

// fill writes and closes a file, and returns the first error.
func fill(f *os.File, write func(io.Writer) error) error {
	out := bufio.NewWriter(f)
	for _, step := range []func() error{func() error { return write(out) }, out.Flush} {
		if err := step(); err != nil {
			return errors.Join(failure.WithoutPath(err), f.Close())
		}
	}
	return f.Close()
}
