package output

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Standard output and standard error, as RealPath names them.
const (
	descriptors    = "/dev/fd/"
	standardOutput = descriptors + "1"
	standardError  = descriptors + "2"
)

// streams are other names of what the process has open. What /dev/stdout leads to depends on where the
// shell has redirected it, so it is known by its name.
var streams = map[string]string{
	"-": standardOutput, "/dev/stdout": standardOutput, "/dev/stderr": standardError,
}

// ofProcess matches the descriptors of this process, as Linux names them.
var ofProcess = regexp.MustCompile(fmt.Sprintf(`^/proc/(?:self|%d)/fd/(\d+)$`, os.Getpid()))

// RealPath is where writing to a path ends: absolute, without symbolic links, so that all spellings of
// a file are equal. What does not exist yet keeps its name. Standard output, also written as -, is
// /dev/fd/1, whatever it is redirected to.
func RealPath(path string) string {
	const mostLinks = 40 // as Linux allows
	for range mostLinks {
		if stream, ok := streams[path]; ok {
			return stream
		}
		if absolute, err := filepath.Abs(path); err == nil {
			path = filepath.Join(realFolder(filepath.Dir(absolute)), filepath.Base(absolute))
		}
		if number := ofProcess.FindStringSubmatch(path); number != nil {
			return descriptors + number[1]
		}
		link, err := os.Readlink(path)
		if err != nil || strings.HasPrefix(path, descriptors) {
			return path
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(path), link)
		}
		path = link
	}
	return path
}

// RedirectedInto is the stream of this process that the shell has redirected into the file of a path;
// empty: none.
func RedirectedInto(path string) string {
	file, err := os.Stat(path)
	if err != nil || !file.Mode().IsRegular() || IsDevice(path) {
		return ""
	}
	into := func(stream *os.File) bool {
		open, err := stream.Stat()
		return err == nil && os.SameFile(open, file)
	}
	switch {
	case into(os.Stdout):
		return "standard output"
	case into(os.Stderr):
		return "standard error"
	}
	return ""
}

// CheckLinks refuses a path whose symbolic links lead in a circle: there is no file at their end.
func CheckLinks(path string) error {
	if info, err := os.Lstat(RealPath(path)); err == nil && info.Mode()&os.ModeSymlink != 0 && !IsDevice(path) {
		return fmt.Errorf("%s is a symbolic link in a circle of links: write another path, or remove the link", path)
	}
	return nil
}

// realFolder follows the symbolic links of a folder as far as it exists.
func realFolder(path string) string {
	found, err := filepath.EvalSymlinks(path)
	if err == nil {
		return found
	}
	if parent := filepath.Dir(path); parent != path {
		return filepath.Join(realFolder(parent), filepath.Base(path))
	}
	return path
}

// IsStdout says whether a path names the standard output of this process.
func IsStdout(path string) bool { return RealPath(path) == standardOutput }

// IsDevice says whether a path names something that is written to and never replaced: an open stream
// of this process, or what exists and is neither a regular file nor a folder.
func IsDevice(path string) bool {
	if strings.HasPrefix(RealPath(path), descriptors) {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// openDevice opens a device for writing. A stream of this process that is redirected into a file shares
// its position with whoever else writes there, so standard output and standard error are not opened anew.
func openDevice(path string) (*os.File, func() error, error) {
	keep := func() error { return nil }
	switch RealPath(path) {
	case standardOutput:
		return os.Stdout, keep, nil
	case standardError:
		return os.Stderr, keep, nil
	}
	f, err := openPipe(path)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}
