package websocket_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	peer "golang.org/x/net/websocket"

	"github.com/loadgate/loadgate/internal/client/websocket"
)

// read gives a reader what a server sends in pieces of that many bytes, and returns the messages as texts.
func read(t testing.TB, stream []byte, piece int, most int64) (all []string, err error) {
	t.Helper()
	r := websocket.Reader{Most: most}
	for len(stream) > 0 {
		p := stream[:min(piece, len(stream))]
		stream = stream[len(p):]
		for len(p) > 0 {
			n, m, whole, err := r.Next(p)
			if err != nil {
				return all, err
			}
			if n <= 0 || n > len(p) || !whole && n != len(p) {
				t.Fatalf("%d of %d bytes taken, whole: %t", n, len(p), whole)
			}
			if p = p[n:]; whole {
				all = append(all, fmt.Sprintf("%d %d %q", m.Opcode, m.Code, m.Data))
			}
		}
	}
	return all, nil
}

// The examples of RFC 6455, section 5.7, and messages of every notation of a length; whatever the pieces.
func TestMessages(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	for name, test := range map[string]struct {
		stream string
		want   []string
	}{
		"a text":               {"\x81\x05Hello", []string{`1 0 "Hello"`}},
		"a text in parts":      {"\x01\x03Hel\x80\x02lo", []string{`1 0 "Hello"`}},
		"a ping between parts": {"\x01\x03Hel\x89\x02hi\x80\x02lo", []string{`9 0 "hi"`, `1 0 "Hello"`}},
		"empty": {"\x81\x00\x82\x00\x89\x00\x01\x00\x80\x00",
			[]string{`1 0 ""`, `2 0 ""`, `9 0 ""`, `1 0 ""`}},
		"256 bytes": {"\x82\x7e\x01\x00" + long[:256], []string{fmt.Sprintf("2 0 %q", long[:256])}},
		"64 KiB": {"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00" + long[:65536],
			[]string{fmt.Sprintf("2 0 %q", long[:65536])}},
		"a close":                  {"\x88\x05\x03\xe8bye", []string{`8 1000 "bye"`}},
		"a close without all":      {"\x88\x00", []string{`8 0 ""`}},
		"a character in two parts": {"\x01\x01\xc3\x80\x01\xa9", []string{`1 0 "é"`}},
		"two":                      {"\x81\x01a\x81\x01b", []string{`1 0 "a"`, `1 0 "b"`}},
	} {
		for _, piece := range []int{1, 2, 3, 5, 7, 4096, 1 << 20} {
			got, err := read(t, []byte(test.stream), piece, 1<<20)
			if err != nil {
				t.Errorf("%s, %d bytes at a time: %v", name, piece, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s, %d bytes at a time (-want +got):\n%s", name, piece, diff)
			}
		}
	}
}

// What RFC 6455 forbids a server is an error, at once.
func TestBrokenRules(t *testing.T) {
	for name, stream := range map[string]string{
		"masked": "\x81\x85", "an extension": "\xc1\x05", "a long ping": "\x89\x7e", "a ping in parts": "\x09\x01",
		"no beginning": "\x80\x01", "two beginnings": "\x01\x01a\x81\x01", "an opcode": "\x83\x01",
		"another opcode": "\x8b\x01", "no UTF-8": "\x81\x01\xff", "a cut character": "\x81\x01\xc3",
		"half a code": "\x88\x01\x03", "code 999": "\x88\x02\x03\xe7", "code 1005": "\x88\x02\x03\xed",
		"code 1006": "\x88\x02\x03\xee", "code 5000": "\x88\x02\x13\x88", "a reason": "\x88\x03\x03\xe8\xff",
		"5 bytes in 16 bits": "\x81\x7e\x00\x05", "5 bytes in 64 bits": "\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x05",
		"a length below 0": "\x81\x7f\xff\x00\x00\x00\x00\x00\x00\x05",
	} {
		for _, piece := range []int{1, 100} {
			if got, err := read(t, []byte(stream), piece, 1000); err == nil || errors.Is(err, websocket.ErrLarge) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
	}
}

// A length that is announced is refused before a byte of it comes, and parts add up.
func TestLargeMessages(t *testing.T) {
	for name, stream := range map[string]string{
		"announced": "\x81\x7f\x00\x00\x00\x00\x7f\x00\x00\x00", "one too many": "\x81\x65",
		"in parts": strings.Repeat("\x01\x33"+strings.Repeat("x", 0x33)+"", 1) + "\x00\x32",
	} {
		if _, err := read(t, []byte(stream), 1, 100); !errors.Is(err, websocket.ErrLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := read(t, []byte("\x81\x64"+strings.Repeat("x", 100)), 7, 100); len(got) != 1 || err != nil {
		t.Errorf("as large as allowed: %v, %v", got, err)
	}
}

// Another implementation reads what is written, and its answers are read.
func TestAnotherImplementation(t *testing.T) {
	srv := httptest.NewServer(peer.Handler(func(c *peer.Conn) {
		var text string
		for peer.Message.Receive(c, &text) == nil {
			if peer.Message.Send(c, text) != nil {
				return
			}
		}
	}))
	defer srv.Close()
	c := dial(t, srv.Listener.Addr().String(), "dGhlIHNhbXBsZSBub25jZQ==")
	r := websocket.Reader{Most: 1 << 20}
	for _, size := range []int{0, 1, 125, 126, 1 << 16, 100_000} {
		text := bytes.Repeat([]byte("é"), size)[:size&^1]
		frame := websocket.AppendFrame(nil, websocket.Text, [4]byte{1, 2, 3, byte(size)}, text)
		if _, err := c.Write(frame); err != nil {
			t.Fatal(err)
		}
		if m := c.next(t, &r); m.Opcode != websocket.Text || !bytes.Equal(m.Data, text) {
			t.Errorf("%d bytes came back as %d of opcode %d", len(text), len(m.Data), m.Opcode)
		}
	}
	// It ends the connection at a close, which has to be one to it.
	if _, err := c.Write(websocket.AppendClose(nil, [4]byte{9, 8, 7, 6}, websocket.Normal)); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(c.in); err != nil {
		t.Errorf("after a close: %q, %v", rest, err)
	}
}

// The example of RFC 6455, section 1.3.
func TestAccept(t *testing.T) {
	if got := websocket.Accept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("Accept = %s", got)
	}
}

// Messages are the same whatever the pieces in which they come, and nothing that comes breaks the reader.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\x01\x03Hel\x89\x02hi\x80\x02lo\x82\x7e\x01\x00"), 3)
	f.Add([]byte("\x88\x05\x03\xe8bye\x81\x00"), 1)
	f.Fuzz(func(t *testing.T, stream []byte, piece int) {
		whole, err := read(t, stream, len(stream)+1, 1000)
		parts, errParts := read(t, stream, 1+piece&15, 1000)
		if diff := cmp.Diff(whole, parts); diff != "" || err != nil != (errParts != nil) {
			t.Errorf("%v, %v (-whole +parts):\n%s", err, errParts, diff)
		}
	})
}
