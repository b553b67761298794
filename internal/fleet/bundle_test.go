package fleet_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
)

func TestBundle(t *testing.T) {
	files := map[string][]byte{
		"thresholds.yaml": []byte("version: 1\n"), "data/users.csv": []byte("id\n1\n"), "data/empty": nil,
	}
	bundle, err := fleet.Pack(files)
	if err != nil {
		t.Fatal(err)
	}
	got, err := fleet.Unpack(bundle)
	if err != nil || !maps.EqualFunc(got, files, bytes.Equal) {
		t.Errorf("unpacked are %q, %v", got, err)
	}
	again, err := fleet.Pack(maps.Clone(files))
	if err != nil || !bytes.Equal(bundle, again) {
		t.Errorf("the same files give another bundle, %v", err)
	}
}

func TestPackRefuses(t *testing.T) {
	for name, files := range map[string]map[string][]byte{
		"outside":   {"../secret": nil},
		"absolute":  {"/etc/passwd": nil},
		"a folder":  {".": nil},
		"too large": {"a": make([]byte, fleet.LargestBundle), "b": {1}},
	} {
		if _, err := fleet.Pack(files); err == nil {
			t.Errorf("%s: packed", name)
		}
	}
}

// zipped is a bundle that Pack would not make.
func zipped(t *testing.T, write func(*zip.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := write(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUnpackRefuses(t *testing.T) {
	add := func(names ...string) []byte {
		return zipped(t, func(w *zip.Writer) error {
			for _, name := range names {
				if _, err := w.Create(name); err != nil {
					return err
				}
			}
			return nil
		})
	}
	link := zipped(t, func(w *zip.Writer) error {
		h := &zip.FileHeader{Name: "link"}
		h.SetMode(fs.ModeSymlink | 0o777)
		_, err := w.CreateHeader(h)
		return err
	})
	bomb := zipped(t, func(w *zip.Writer) error {
		for _, name := range []string{"a", "b"} {
			out, err := w.Create(name)
			for i := 0; err == nil && i < fleet.LargestBundle/2+1; i += 1 << 16 {
				_, err = out.Write(make([]byte, 1<<16))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	whole := add("a")
	for name, tt := range map[string]struct {
		bundle []byte
		want   string
	}{
		"nothing":      {nil, "unpack the files of the load"},
		"torn":         {whole[:len(whole)-5], "unpack the files of the load"},
		"outside":      {add("../x"), "stay within their folder"},
		"absolute":     {add("/x"), "stay within their folder"},
		"a folder":     {add("x/"), "stay within their folder"},
		"twice":        {add("x", "x"), "twice"},
		"a link":       {link, "no regular file"},
		"a bomb":       {bomb, "64 MiB"},
		"a great many": {add(strings.Split(strings.Repeat("x,", 10_001), ",")[:10_001]...), "10000 files"},
	} {
		files, err := fleet.Unpack(tt.bundle)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %d files, %v; want %s", name, len(files), err, tt.want)
		}
	}
}

func FuzzUnpack(f *testing.F) {
	bundle, err := fleet.Pack(map[string][]byte{"thresholds.yaml": []byte("version: 1\n"), "a/b": []byte("1")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bundle)
	f.Fuzz(func(t *testing.T, bundle []byte) {
		files, err := fleet.Unpack(bundle)
		if err != nil {
			return
		}
		if _, err := fleet.Pack(files); err != nil {
			t.Errorf("what was unpacked cannot be packed: %v", err)
		}
	})
}
