package coding_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/loadgate/loadgate/internal/client/coding"
)

// packed is a text as a writer packs it.
func packed(text string, make func(io.Writer) io.WriteCloser) string {
	var b bytes.Buffer
	w := make(&b)
	_, _ = io.WriteString(w, text) // into memory, as the next
	_ = w.Close()
	return b.String()
}

func brotlied(text string) string {
	return packed(text, func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) })
}

func zstandard(text string) string {
	return packed(text, func(w io.Writer) io.WriteCloser {
		z, _ := zstd.NewWriter(w) // no option is wrong
		return z
	})
}

// Every coding that is in use is read, by each of its names, and by a reader that was used
// before.
func TestUndoReadsBodies(t *testing.T) {
	t.Parallel()
	const text = `{"id": 8, "text": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}`
	zip := func(text string) string {
		return packed(text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}
	raw := packed(text, func(w io.Writer) io.WriteCloser {
		f, _ := flate.NewWriter(w, flate.BestCompression) // a level that there is
		return f
	})
	for name, body := range map[string]string{
		"gzip": zip(text), "x-gzip": zip(text), "GZIP": zip(text),
		"X-Gzip": zip(text), "identity": text, "gzip, identity": zip(text),
		"gzip,gzip": zip(zip(text)),
		"deflate":   packed(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }), "Deflate": raw,
		"identity, x-gzip, gzip": zip(zip(text)),
		"br":                     brotlied(text), "zstd": zstandard(text), "br, zstd": zstandard(brotlied(text)),
	} {
		for range 3 {
			if got, err := coding.Undo(name, []byte(body), 1<<20); err != nil || string(got) != text {
				t.Errorf("%s: body %q, %v", name, got, err)
			}
		}
	}
}

// A body that is damaged, or larger than the limit once it is unpacked, is an error.
func TestUndoRefusesBodies(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a", 5000)
	const most = 1 << 10
	for name, body := range map[string]string{"br": brotlied(text), "zstd": zstandard(text),
		"gzip":    packed(text, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }),
		"deflate": packed(text, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })} {
		for _, c := range []struct{ coding, body, want string }{
			{name, body, "the body is larger than 1KiB"},
			{name, body[:len(body)/2], `the body is not "` + name + `" as its head says`},
			{name, "<html>", `the body is not "` + name + `" as its head says`},
			{name + "x", body, `the body is encoded as "` + name + `x", which cannot be read`},
			{"identity, identity, identity, " + name, body,
				`the body is encoded as "identity, identity, …", which cannot be read`},
		} {
			got, err := coding.Undo(c.coding, []byte(c.body), most)
			if err == nil || err.Error() != c.want || got != nil {
				t.Errorf("%s of %d bytes: %d bytes, %v, want %q", c.coding, len(c.body), len(got), err, c.want)
			}
			var large *coding.LargeError
			if errors.As(err, &large) != strings.HasPrefix(c.want, "the body is larger") {
				t.Errorf("%s: %T", c.coding, err)
			}
		}
	}
}
