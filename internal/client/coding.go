package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"github.com/loadgate/loadgate/internal/metric"
)

// coding is a way to pack a body, and how it is unpacked.
type coding struct {
	name string // in lower case
	open func(body io.Reader, most int64) (unpacker, error)
	free *sync.Pool // of readers that were open before
}

// unpacker reads a packed body. A reader is reused: most take tens of KiB.
type unpacker interface {
	io.Reader
	Reset(body io.Reader) error
}

// codings are those that are undone, RFC 9110 section 8.4.1.
var codings = []coding{
	{"gzip", openGzip, new(sync.Pool)},
	{"x-gzip", openGzip, new(sync.Pool)},
	{"deflate", openDeflate, new(sync.Pool)},
	{"br", openBrotli, new(sync.Pool)},
	{"zstd", openZstd, new(sync.Pool)},
}

// bareDeflate is deflate without zlib's frame. Some servers leave that out, and browsers
// accept both.
var bareDeflate = coding{"deflate", openBareDeflate, new(sync.Pool)}

func openGzip(body io.Reader, _ int64) (unpacker, error) { return gzip.NewReader(body) }

func openBrotli(body io.Reader, _ int64) (unpacker, error) { return brotli.NewReader(body), nil }

func openDeflate(body io.Reader, _ int64) (unpacker, error) {
	r, err := zlib.NewReader(body)
	return withoutDictionary{r}, err
}

func openBareDeflate(body io.Reader, _ int64) (unpacker, error) {
	return withoutDictionary{flate.NewReader(body)}, nil
}

// withoutDictionary resets readers of deflate, which might have a dictionary.
type withoutDictionary struct{ io.Reader }

func (w withoutDictionary) Reset(body io.Reader) error {
	return w.Reader.(flate.Resetter).Reset(body, nil)
}

// mostCodings is how many codings of one body are undone: more are no honest body.
const mostCodings = 3

var (
	errTooLarge = errors.New("the body is too large")
	errUnknown  = errors.New("unknown coding")
)

// decode undoes a Content-Encoding (gzip, deflate, br, zstd, or several of them).
// The decoded body may not be larger than the limit either.
func decode(encoding, body []byte, maxBody int64) ([]byte, fault) {
	if len(encoding) == 0 || len(body) == 0 || string(encoding) == "identity" {
		return body, fault{}
	}
	names := strings.Split(string(encoding), ",")
	for i := len(names) - 1; i >= 0; i-- {
		err := errUnknown
		name := strings.ToLower(strings.TrimSpace(names[i]))
		if len(names) <= mostCodings {
			body, err = undo(name, body, maxBody)
		}
		switch {
		case errors.Is(err, errTooLarge):
			return nil, tooLarge(maxBody)
		case errors.Is(err, errUnknown):
			detail := fmt.Sprintf("the body is encoded as %s, which cannot be read", quoted(encoding, 20))
			return nil, fault{kind: metric.Body, detail: detail}
		case err != nil:
			detail := fmt.Sprintf("the body is not %s as its head says", quoted(name, 20))
			return nil, fault{kind: metric.Body, detail: detail}
		}
	}
	return body, fault{}
}

// undo undoes one coding.
func undo(name string, body []byte, maxBody int64) ([]byte, error) {
	if name == "identity" || name == "" {
		return body, nil
	}
	i := slices.IndexFunc(codings, func(c coding) bool { return c.name == name })
	if i < 0 {
		return nil, errUnknown
	}
	plain, err := codings[i].unpack(body, maxBody)
	switch {
	case err == nil:
		return plain, nil
	case name == "deflate" && !errors.Is(err, errTooLarge):
		if plain, bare := bareDeflate.unpack(body, maxBody); bare == nil || errors.Is(bare, errTooLarge) {
			return plain, bare
		}
	case name == "zstd" && !wholeFrames(body):
		return nil, errNotZstd // a length that is damage is not a large body
	}
	return nil, err
}

// unpack reads a body to its end, or to the limit in bytes.
func (c coding) unpack(body []byte, most int64) ([]byte, error) {
	r, err := c.reader(bytes.NewReader(body), most)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, min(most, math.MaxInt64-1)+1))
	c.free.Put(r)
	switch {
	case err != nil:
		return nil, err
	case int64(len(plain)) > most:
		return nil, errTooLarge
	}
	return plain, nil
}

// reader returns one that was open before, or a new one.
func (c coding) reader(body io.Reader, most int64) (unpacker, error) {
	r, open := c.free.Get().(unpacker)
	if z, ok := r.(*zstdReader); ok && !z.serves(most) {
		z.Close()
		open = false
	}
	if !open {
		return c.open(body, most)
	}
	return r, r.Reset(body)
}

// Unpack undoes a Content-Encoding, of several codings too, of a body that was received elsewhere. The unpacked
// body has at most so many bytes.
func Unpack(encoding string, body []byte, most int64) ([]byte, error) {
	plain, wrong := decode([]byte(encoding), body, most)
	if wrong.bad() {
		return nil, errors.New(wrong.detail)
	}
	return plain, nil
}
