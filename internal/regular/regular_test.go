//go:build unix

package regular_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/loadgate/loadgate/internal/regular"
)

// What is no regular file is refused, and at once: were it opened as files are,
// the test would not end.
func TestOpensOnlyRegularFiles(t *testing.T) {
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(path("file"), []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink("file", path("link")), os.Mkdir(path("folder"), 0o700),
		syscall.Mkfifo(path("pipe"), 0o600),
		os.Symlink("pipe", path("link to a pipe"))); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", path("s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, tt := range []struct{ name, want string }{
		{"file", ""}, {"link", ""}, {"folder", "it is a folder"},
		{"pipe", "it is a pipe"}, {"link to a pipe", "it is a pipe"},
		{"s", "it is a socket"}, {"/dev/zero", "it is a device"}, {"nothing", "no such file"},
	} {
		name := tt.name
		if !filepath.IsAbs(name) {
			name = path(name)
			if f, err := regular.Under(root).Open(tt.name); tt.want == "" {
				if err != nil {
					t.Errorf("%s under the folder: %v", tt.name, err)
				} else if err := f.Close(); err != nil {
					t.Error(err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s under the folder: %v, want %q", tt.name, err, tt.want)
			}
		}
		text, err := regular.Read(name, 10)
		switch {
		case tt.want == "" && (err != nil || string(text) != "text"):
			t.Errorf("%s: %q, %v", tt.name, text, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := os.Truncate(path("file"), 3<<20); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int64]string{
		3: "3 bytes", 1 << 10: "1 KiB", 1<<10 + 1: "1025 bytes", 1 << 20: "1 MiB", 3<<20 - 1024: "3071 KiB",
	} {
		_, err := regular.Read(path("file"), most)
		if err == nil || !strings.HasSuffix(err.Error(), "larger than "+want) {
			t.Errorf("a file above the limit of %d bytes: %v, want it larger than %s", most, err, want)
		}
	}
}
