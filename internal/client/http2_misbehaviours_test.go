package client_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/loadgate/loadgate/internal/metric"
)

// frames is a server's side of a connection that carries HTTP/2.
type frames struct {
	*http2.Framer
	c     net.Conn
	r     *bufio.Reader
	acked bool // the client has acknowledged the SETTINGS
}

// open reads the preface, if there is one yet to come, and sends SETTINGS.
func open(c net.Conn, r *bufio.Reader, settings ...http2.Setting) *frames {
	f := &frames{http2.NewFramer(c, r), c, r, true}
	f.AllowIllegalWrites = true
	if begin, _ := r.Peek(len(http2.ClientPreface)); string(begin) == http2.ClientPreface {
		_, _ = r.Discard(len(begin))
		f.acked = false
		_ = f.WriteSettings(settings...)
	}
	return f
}

// request reads one request whole, and all that the client has to say about
// the connection: what is left unread when a connection closes resets it. 0: the
// end of the connection.
func (f *frames) request() (stream uint32) {
	for stream == 0 || !f.acked {
		frame, err := f.ReadFrame()
		if err != nil {
			return 0
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if f.acked = f.acked || frame.IsAck(); !frame.IsAck() {
				_ = f.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			if frame.StreamEnded() {
				stream = frame.StreamID
			}
		case *http2.DataFrame:
			if frame.StreamEnded() {
				stream = frame.StreamID
			}
		}
	}
	return stream
}

// block is header fields packed, names and values by turns.
func block(fields ...string) []byte {
	var b bytes.Buffer
	w := hpack.NewEncoder(&b)
	w.SetMaxDynamicTableSize(0) // every block for itself
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return b.Bytes()
}

// head sends a head in one frame.
func (f *frames) head(stream uint32, end bool, fields ...string) {
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream,
		BlockFragment: block(fields...), EndHeaders: true, EndStream: end})
}

// hold reads until the client gives up.
func (f *frames) hold() { _, _ = io.Copy(io.Discard, f.r) }

// framed is a script that has read one request.
func framed(script func(f *frames, stream uint32)) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		f := open(c, r)
		if stream := f.request(); stream != 0 {
			script(f, stream)
		}
	}
}

// held is one that then waits until the client gives up.
func held(script func(f *frames, stream uint32)) func(net.Conn, *bufio.Reader, int) {
	return framed(func(f *frames, stream uint32) {
		script(f, stream)
		f.hold()
	})
}

// without does not even open: it sends bytes and closes.
func without(text string) func(net.Conn, *bufio.Reader, int) {
	return func(c net.Conn, r *bufio.Reader, _ int) {
		if open(c, r).request() != 0 {
			_, _ = io.WriteString(c, text)
		}
	}
}

// repeated sends the same until the client gives up, which it must do first. How often depends on the
// machine: write allocates nothing, since the test of the client's memory would count it.
func (f *frames) repeated(write func() error) {
	for write() == nil {
	}
}

// http2Misbehaviours are answers in frames to a POST with a limit of 10,000
// bytes of body.
func http2Misbehaviours() []misbehaviour {
	const closed, cut = "the server closed the connection without an answer", "connection reset after 0 bytes"
	bomb, long := zipped(strings.Repeat("0", 5_000_000)), block("x", strings.Repeat("y", 1000))
	rows := []misbehaviour{
		{"closes at once", func(net.Conn, *bufio.Reader, int) {}, metric.Reset, closed + "|" + cut, 0},
		{"closes after the preface", func(c net.Conn, r *bufio.Reader, _ int) { open(c, r) },
			metric.Reset, closed + "|" + cut, 0},
		{"closes after the request", framed(func(*frames, uint32) {}), metric.Reset, closed, 0},
		{"never sends SETTINGS", func(_ net.Conn, r *bufio.Reader, _ int) { _, _ = io.Copy(io.Discard, r) },
			metric.Timeout, "no answer within 500ms", 0},
		{"silent after the request", held(func(*frames, uint32) {}), metric.Timeout, "no answer within 500ms", 0},
		{"silent within the head", held(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
		}), metric.Timeout, "no answer within 500ms", 0},
		{"silent after an interim answer", held(func(f *frames, id uint32) { f.head(id, false, ":status", "103") }),
			metric.Timeout, "answer not complete within 500ms", 0},
		{"silent after the head", held(func(f *frames, id uint32) { f.head(id, false, ":status", "200") }),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"silent within the body", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "9")
			_ = f.WriteData(id, false, []byte("hi"))
		}), metric.Timeout, "answer not complete within 500ms", 200},
		{"silent within a frame", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			_, _ = io.WriteString(f.c, "\x00\x00\x09\x00")
		}), metric.Timeout, "answer not complete within 500ms", 200},

		{"resets before SETTINGS", func(c net.Conn, r *bufio.Reader, _ int) {
			_, _ = r.Peek(9)
			rst(c)
		}, metric.Reset, closed + "|" + cut, 0},
		{"resets after the request", framed(func(f *frames, _ uint32) { rst(f.c) }), metric.Reset, cut, 0},
		{"resets within the head", framed(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			rst(f.c)
		}), metric.Reset, cut, 0},
		{"resets within the body", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			_ = f.WriteData(id, false, []byte("hi"))
			rst(f.c)
		}), metric.Reset, "connection reset after 2 bytes of the body", 200},
		{"closes within the head", framed(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
		}), metric.Reset, closed, 0},
		{"closes within a frame", without("\x00\x00\x09\x01"), metric.Reset, closed, 0},
		{"closes within the body", framed(func(f *frames, id uint32) { f.head(id, false, ":status", "200") }),
			metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"closes within a body of known length", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "9")
			_ = f.WriteData(id, false, []byte("hi"))
		}), metric.Body, "truncated: 2 of 9 bytes came", 200},

		{"ends the connection", framed(func(f *frames, _ uint32) { _ = f.WriteGoAway(0, http2.ErrCodeNo, nil) }),
			metric.Reset, "the server ended the connection (GOAWAY) without an answer", 0},
		{"ends the connection and holds it",
			held(func(f *frames, _ uint32) { _ = f.WriteGoAway(0, http2.ErrCodeNo, nil) }),
			metric.Reset, "the server ended the connection (GOAWAY) without an answer", 0},
		{"ends the connection before the request", func(c net.Conn, r *bufio.Reader, _ int) {
			f := open(c, r)
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
			f.hold()
		}, metric.Reset, "the server ended the connection (GOAWAY) without an answer|" + closed, 0},
		{"ends the connection in anger", held(func(f *frames, _ uint32) {
			_ = f.WriteGoAway(0, http2.ErrCodeEnhanceYourCalm, []byte("too many"))
		}), metric.Reset, "the server ended the connection: ENHANCE_YOUR_CALM, it finds them too many|the server " +
			"ended the connection (GOAWAY) without an answer", 0},
		{"ends the connection within the answer", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "9")
			_ = f.WriteGoAway(id, http2.ErrCodeInternal, nil)
		}), metric.Reset, "the server ended the connection: INTERNAL_ERROR", 200},
		{"ends the connection of an answer to come",
			framed(func(f *frames, id uint32) { _ = f.WriteGoAway(id, http2.ErrCodeNo, nil) }),
			metric.Reset, "the server ended the connection (GOAWAY) without an answer", 0},

		{"DATA before the head", held(func(f *frames, id uint32) { _ = f.WriteData(id, true, []byte("hi")) }),
			metric.Body, "the answer is not valid HTTP/2: PROTOCOL_ERROR", 0},
		{"DATA nobody asked for", held(func(f *frames, id uint32) { _ = f.WriteData(id+100, true, []byte("hi")) }),
			metric.Body, "the answer is not valid HTTP/2: PROTOCOL_ERROR", 0},
		{"body longer than its length", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "1")
			_ = f.WriteData(id, true, []byte("hi"))
		}), metric.Body, "the body is longer than its Content-Length", 200},
		{"body shorter than its length", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "9")
			_ = f.WriteData(id, true, []byte("hi"))
		}), metric.Body, "truncated: 2 of 9 bytes came", 200},
		{"no body where a length was",
			held(func(f *frames, id uint32) { f.head(id, true, ":status", "200", "content-length", "9") }),
			metric.Body, "truncated: 0 of 9 bytes came", 200},
		{"length beyond the limit",
			held(func(f *frames, id uint32) { f.head(id, false, ":status", "200", "content-length", "10001") }),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless body", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			body := make([]byte, 1000)
			f.repeated(func() error { return f.WriteData(id, false, body) })
		}), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless empty DATA", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			f.repeated(func() error { return f.WriteData(id, false, nil) })
		}), metric.Timeout, "answer not complete within 500ms", 200},
		{"drips a body", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-length", "9999")
			f.repeated(func() error {
				<-time.After(20 * time.Millisecond) // the client's deadline is the kernel's: no bubble can hold it
				return f.WriteData(id, false, []byte("y"))
			})
		}), metric.Timeout, "answer not complete within 500ms", 200},
		{"drips a head", framed(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			f.repeated(func() error {
				<-time.After(20 * time.Millisecond)
				return f.WriteContinuation(id, false, block("x", "y"))
			})
		}), metric.Timeout, "no answer within 500ms", 0},
		{"small when packed, large when not", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-encoding", "gzip")
			_ = f.WriteData(id, true, []byte(bomb))
		}), metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"not packed as it says", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200", "content-encoding", "gzip")
			_ = f.WriteData(id, true, []byte("hi"))
		}), metric.Body, `the body is not "gzip" as its head says`, 200},

		{"endless head", framed(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			f.repeated(func() error { return f.WriteContinuation(id, false, long) })
		}), metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless head of nothing", framed(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			f.repeated(func() error { return f.WriteContinuation(id, false, nil) })
		}), metric.Timeout, "no answer within 500ms", 0},
		{"large head in many frames", held(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "200")})
			for range 100 {
				_ = f.WriteContinuation(id, false, long)
			}
			_ = f.WriteContinuation(id, true, nil)
		}), metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"head that unpacks to much", held(func(f *frames, id uint32) {
			var b bytes.Buffer
			w := hpack.NewEncoder(&b)
			w.SetMaxDynamicTableSize(0)
			w.SetMaxDynamicTableSize(4096)
			_ = w.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
			long := hpack.HeaderField{Name: "x", Value: strings.Repeat("y", 1000)}
			for range 2000 { // one byte each, of the dynamic table
				_ = w.WriteField(long)
			}
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id,
				BlockFragment: b.Bytes(), EndHeaders: true, EndStream: true})
		}), metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless interim answers", framed(func(f *frames, id uint32) {
			interim := http2.HeadersFrameParam{StreamID: id, BlockFragment: block(":status", "102"), EndHeaders: true}
			f.repeated(func() error { return errors.Join(f.WriteHeaders(interim), f.WritePing(false, [8]byte{})) })
		}), metric.Body, "more than 16 interim answers (1xx)", 0},
		{"interim answer that ends", held(func(f *frames, id uint32) { f.head(id, true, ":status", "103") }),
			metric.Body, "the answer is not valid HTTP/2: 1xx informational response with END_STREAM flag", 0},
		{"second head", held(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			f.head(id, false, ":status", "200")
		}), metric.Body, "the answer is not valid HTTP/2: PROTOCOL_ERROR", 200},
		{"endless trailers", framed(func(f *frames, id uint32) {
			f.head(id, false, ":status", "200")
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block("x", "y"), EndStream: true})
			f.repeated(func() error { return f.WriteContinuation(id, false, long) })
		}), metric.Body, "the answer is not valid HTTP/2: PROTOCOL_ERROR", 200},

		{"no status", held(func(f *frames, id uint32) { f.head(id, true, "x", "y") }), metric.Body,
			"the answer is not valid HTTP/2: malformed response from server: missing status pseudo header", 0},
		{"status in words", held(func(f *frames, id uint32) { f.head(id, true, ":status", "fine") }), metric.Body,
			"the answer is not valid HTTP/2: malformed response from server: malformed non-numeric status " +
				"pseudo header", 0},
		{"two statuses", held(func(f *frames, id uint32) { f.head(id, true, ":status", "200", ":status", "404") }),
			metric.Body, `the answer is not valid HTTP/2: duplicate pseudo-header ":status"`, 0},
		{"status below 100", held(func(f *frames, id uint32) { f.head(id, true, ":status", "99") }),
			metric.Body, `the answer's status is 99, which HTTP does not have`, 0},
		{"name in upper case", held(func(f *frames, id uint32) { f.head(id, true, ":status", "200", "X", "y") }),
			metric.Body, `the answer is not valid HTTP/2: invalid header field name "X"`, 0},
		{"zero byte in a value", held(func(f *frames, id uint32) { f.head(id, true, ":status", "200", "x", "\x00") }),
			metric.Body, `the answer is not valid HTTP/2: invalid header field value for "x"`, 0},
		{"head that cannot be unpacked", held(func(f *frames, id uint32) {
			_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id,
				BlockFragment: []byte{0xff, 0xff, 0xff}, EndHeaders: true})
		}), metric.Body, "the answer is not valid HTTP/2: COMPRESSION_ERROR", 0},
		{"head of another stream", held(func(f *frames, id uint32) { f.head(id+100, true, ":status", "200") }),
			metric.Timeout, "no answer within 500ms", 0},
		{"a promise", held(func(f *frames, id uint32) {
			_ = f.WritePushPromise(http2.PushPromiseParam{StreamID: id,
				PromiseID: 2, BlockFragment: block(":path", "/x"), EndHeaders: true})
		}), metric.Body, "the answer is not valid HTTP/2: PROTOCOL_ERROR", 0},
		{"window beyond all bounds", held(func(f *frames, id uint32) {
			_ = f.WriteWindowUpdate(0, 1<<31-1)
			_ = f.WriteWindowUpdate(0, 1<<31-1)
		}), metric.Body, "the answer is not valid HTTP/2: FLOW_CONTROL_ERROR", 0},
		{"SETTINGS of odd size",
			held(func(f *frames, _ uint32) { _ = f.WriteRawFrame(http2.FrameSettings, 0, 0, []byte("12345")) }),
			metric.Body, "the answer is not valid HTTP/2: FRAME_SIZE_ERROR", 0},
		{"SETTINGS that cannot be", held(func(f *frames, _ uint32) {
			_ = f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 31})
		}), metric.Body, "the answer is not valid HTTP/2: FLOW_CONTROL_ERROR", 0},
		{"takes no streams", func(c net.Conn, r *bufio.Reader, _ int) {
			f := open(c, r, http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 0})
			f.hold()
		}, metric.Timeout, "no answer within 500ms", 0},
		{"takes no body", func(c net.Conn, r *bufio.Reader, _ int) {
			f := open(c, r, http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0})
			f.hold()
		}, metric.Timeout, "no answer within 500ms", 0},
		{"endless pings", framed(func(f *frames, _ uint32) {
			f.repeated(func() error {
				<-time.After(time.Millisecond)
				return f.WritePing(false, [8]byte{})
			})
		}), metric.Timeout, "no answer within 500ms", 0},
		{"endless SETTINGS", framed(func(f *frames, _ uint32) {
			f.repeated(func() error {
				<-time.After(time.Millisecond)
				return f.WriteSettings()
			})
		}), metric.Timeout, "no answer within 500ms", 0},

		{"garbage", without(strings.Repeat("\xa5\x5a", 50)), metric.Body,
			"the answer is not valid HTTP/2: frame too large", 0},
		{"SSH", without("SSH-2.0-OpenSSH_9.6\r\n\r\n"), metric.Body,
			"the answer is not valid HTTP/2: frame too large", 0},
		{"HTTP/1.1", without("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
			metric.Body, "the server answers in HTTP/1.1, not HTTP/2; write http: 1.1", 0},
		{"HTTP/1.1 to the preface", func(c net.Conn, r *bufio.Reader, _ int) {
			_, _ = r.Peek(24)
			_, _ = io.WriteString(c, "HTTP/1.1 505 HTTP Version Not Supported\r\nConnection: close\r\n\r\n")
			_, _ = io.Copy(io.Discard, r)
		}, metric.Body, "the server answers in HTTP/1.1, not HTTP/2; write http: 1.1", 0},
	}
	for code, words := range map[http2.ErrCode]string{
		http2.ErrCodeNo: "NO_ERROR", http2.ErrCodeProtocol: "PROTOCOL_ERROR", http2.ErrCodeInternal: "INTERNAL_ERROR",
		http2.ErrCodeRefusedStream: "REFUSED_STREAM, it takes no more requests now", http2.ErrCodeCancel: "CANCEL",
		http2.ErrCodeEnhanceYourCalm: "ENHANCE_YOUR_CALM, it finds them too many",
		http2.ErrCodeHTTP11Required:  "HTTP_1_1_REQUIRED; write http: 1.1",
		99:                           "error code 99",
	} {
		detail := "the server reset the request: " + words
		rows = append(rows,
			misbehaviour{fmt.Sprintf("resets the stream, %v", code),
				held(func(f *frames, id uint32) { _ = f.WriteRSTStream(id, code) }), metric.Reset, detail, 0},
			misbehaviour{fmt.Sprintf("resets the stream within the body, %v", code), held(func(f *frames, id uint32) {
				f.head(id, false, ":status", "200", "content-length", "9")
				_ = f.WriteRSTStream(id, code)
			}), metric.Reset, detail, 200})
	}
	return rows
}
