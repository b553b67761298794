package client_test

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/loadgate/loadgate/internal/metric"
)

// misbehaviours are answers to a POST with a limit of 10,000 bytes of body.
func misbehaviours() []misbehaviour {
	zeros := strings.Repeat("0", 5_000_000)
	bomb := zipped(zeros)
	var flat bytes.Buffer
	w := zlib.NewWriter(&flat)
	_, _ = io.WriteString(w, zeros)
	_ = w.Close()
	deflated := flat.String()
	return []misbehaviour{
		{"closes at once", func(net.Conn, *bufio.Reader, int) {},
			metric.Reset, "the server closed the connection without an answer|connection reset after 0 bytes", 0},
		{"closes after the request", answersOnce(""), metric.Reset,
			"the server closed the connection without an answer", 0},
		{"closes within the status line", answersOnce("HTTP/1.1 20"),
			metric.Reset, "the server closed the connection after 11 bytes of the answer's head", 0},
		{"closes within the head", answersOnce("HTTP/1.1 200 OK\r\nX: y\r\n"),
			metric.Reset, "the server closed the connection after 23 bytes of the answer's head", 0},
		{"closes after an interim answer", answersOnce("HTTP/1.1 100 Continue\r\n\r\n"),
			metric.Reset, "the server closed the connection after 25 bytes of the answer's head", 0},
		{"resets after the request", thenReset(""), metric.Reset, "connection reset after 0 bytes", 0},
		{"silent", thenSilence(""), metric.Timeout, "no answer within 500ms", 0},
		{"silent within the head", thenSilence("HTTP/1.1 200 OK\r\nX"),
			metric.Timeout, "answer not complete within 500ms", 0},
		{"silent within the body", thenSilence("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"silent within a chunk", thenSilence("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi"),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"silent before the trailer", thenSilence("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"body shorter than its length", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
			metric.Body, "truncated: 2 of 9 bytes came", 200},
		{"no body where a length was", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
			metric.Body, "truncated: 0 of 9 bytes came", 200},
		{"closes within a chunk", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi"),
			metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"closes before the last chunk",
			answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"),
			metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"closes within the trailer", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y"),
			metric.Body, "truncated: the connection closed before the end of the body", 200},
		{"wrong chunk size", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhi\r\n"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"chunk longer than its size", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2\r\nhidden\r\n0\r\n\r\n"), metric.Body, "the body is not chunked as its head says", 200},
		{"not HTTP", answersOnce("SSH-2.0-OpenSSH_9.6\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "SSH-2.0-OpenSSH_9.6\r\n\r\n"`, 0},
		{"HTTP/2", answersOnce("HTTP/2 200\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/2 200\r\n\r\n"`, 0},
		{"no status", answersOnce("HTTP/1.1 OK\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 OK\r\n\r\n"`, 0},
		{"two lengths", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi"),
			metric.Body, "the answer has Content-Lengths that differ", 200},
		{"two lengths in one field", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 2, 1\r\n\r\nhi"),
			metric.Body, "the answer has Content-Lengths that differ", 200},
		{"negative length", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
			metric.Body, `the answer's Content-Length is "-1", which is not a number of bytes`, 200},
		{"endless head", endless("HTTP/1.1 200 OK\r\n",
			"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n"),
			metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless line", endless("HTTP/1.1 200 OK\r\nX: ", strings.Repeat("y", 1000)),
			metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless interim answers", endless("", "HTTP/1.1 102 Processing\r\n\r\n"),
			metric.Body, "more than 16 interim answers (1xx)", 0},
		{"length beyond the limit", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n"),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless chunks", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n"),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless body", endless("HTTP/1.1 200 OK\r\n\r\n", "hello"),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless trailer", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: y\r\n"),
			metric.TooLarge, "the answer's trailer is larger than 4KiB", 200},
		{"small when packed, large when not", packedAs("gzip", bomb),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"not packed as it says",
			answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"),
			metric.Body, `the body is not "gzip" as its head says`, 200},
		{"zstd that is damaged", answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: " +
			"17\r\n\r\n\x28\xb5\x2f\xfd\x20\x08\x41\x00\x7b{\"id\":5}"),
			metric.Body, `the body is not "zstd" as its head says`, 200},
		{"zstd that is none",
			answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 8\r\n\r\n{\"id\":5}"),
			metric.Body, `the body is not "zstd" as its head says`, 200},
		{"small in zstd, large when not", packedAs("zstd", zstdZeros(20)),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"deflate that is none",
			answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nContent-Length: 8\r\n\r\n{\"id\":5}"),
			metric.Body, `the body is not "deflate" as its head says`, 200},
		{"packed four times", answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, " +
			"gzip\r\nContent-Length: 2\r\n\r\nhi"), metric.Body,
			`the body is encoded as "gzip, gzip, gzip, gz…", which cannot be read`, 200},
		{"packed as nobody knows",
			answersOnce("HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nuv"),
			metric.Body, `the body is encoded as "rot13", which cannot be read`, 200},
		{"drips a head", drips("HTTP/1.1 200 OK\r\n", "X: y\r\n"),
			metric.Timeout, "answer not complete within 500ms", 0},
		{"drips a body", drips("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", "y"),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"drips chunks", drips("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\ny\r\n"),
			metric.Timeout, "answer not complete within 500ms", 200},
		{"resets within the head", thenReset("HTTP/1.1 200 OK\r\nX"),
			metric.Reset, "connection reset after 18 bytes", 0},
		{"resets within the body", thenReset("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
			metric.Reset, "connection reset after 40 bytes", 200},
		{"resets within a chunk", thenReset("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi"),
			metric.Reset, "connection reset after 52 bytes", 200},
		{"resets before the trailer", thenReset("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"),
			metric.Reset, "connection reset after 50 bytes", 200},
		{"resets where it should close", thenReset("HTTP/1.1 200 OK\r\n\r\nhi"),
			metric.Reset, "connection reset after 21 bytes", 200},
		{"answers with a TLS alert", answersOnce("\x15\x03\x01\x00\x02\x02\x46"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "\x15\x03\x01\x00\x02\x02F"`, 0},
		{"a body where the head should be", answersOnce("{\"id\": 7}"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "{\"id\": 7}"`, 0},
		{"lower case", answersOnce("http/1.1 200 OK\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "http/1.1 200 OK\r\n\r\n"`, 0},
		{"four digits", answersOnce("HTTP/1.1 2000 OK\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 2000 OK\r\n\r\n"`, 0},
		{"status below 100", answersOnce("HTTP/1.1 099 OK\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 099 OK\r\n\r\n"`, 0},
		{"empty line first", answersOnce("\r\nHTTP/1.1 200 OK\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "\r\nHTTP/1.1 200 OK\r\n\r\n"`, 0},
		{"no colon", answersOnce("HTTP/1.1 200 OK\r\nhi\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\nhi\r\n\r\n"`, 0},
		{"blank before the colon", answersOnce("HTTP/1.1 200 OK\r\nA : b\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"`, 0},
		{"no name", answersOnce("HTTP/1.1 200 OK\r\n: b\r\n\r\n"),
			metric.Body, `the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\n: b\r\n\r\n"`, 0},
		{"a fold of nothing", answersOnce("HTTP/1.1 200 OK\r\n a: b\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\n a: b\r\n\r\n"`, 0},
		{"zero byte in a head", answersOnce("HTTP/1.1 200 OK\r\na: \x00\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\na: \x00\r\n\r\n"`, 0},
		{"carriage return in a value", answersOnce("HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n"), metric.Body,
			`the answer's head is not valid HTTP/1.1; it begins "HTTP/1.1 200 OK\r\na: b\rc\r\n\r\n"`, 0},
		{"length +2", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhi"),
			metric.Body, `the answer's Content-Length is "+2", which is not a number of bytes`, 200},
		{"length two, two", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: two, two\r\n\r\nhi"),
			metric.Body, `the answer's Content-Length is "two, two", which is not a number of bytes`, 200},
		{"length 0x2", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nhi"),
			metric.Body, `the answer's Content-Length is "0x2", which is not a number of bytes`, 200},
		{"length that is empty", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhi"),
			metric.Body, `the answer's Content-Length is "", which is not a number of bytes`, 200},
		{"length 2 2", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 2 2\r\n\r\nhi"),
			metric.Body, `the answer's Content-Length is "2 2", which is not a number of bytes`, 200},
		{"length 99999999999999999999", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: " +
			"99999999999999999999\r\n\r\nhi"), metric.Body,
			`the answer's Content-Length is "99999999999999999999", which is not a number of bytes`, 200},
		{"length and chunks", answersOnce("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), metric.Body,
			"the answer has both a Content-Length and a Transfer-Encoding", 200},
		{"chunked twice",
			answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
			metric.Body, "the answer has more than one Transfer-Encoding", 200},
		{"packed on the way", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
			metric.Body, `the answer's Transfer-Encoding is "gzip, chunked"; only "chunked" can be read`, 200},
		{"chunks in HTTP/1.0", answersOnce("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
			metric.Body, "the answer is HTTP/1.0, which has no Transfer-Encoding, and has one", 200},
		{"negative chunk", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"chunk without a size", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhi\r\n"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"chunk size of 16 digits", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n0000000000000002\r\nhi\r\n"), metric.Body, "the body is not chunked as its head says", 200},
		{"chunk size with LF alone", answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: " +
			"chunked\r\n\r\n2\nhi\r\n0\r\n\r\n"), metric.Body, "the body is not chunked as its head says", 200},
		{"chunk that ends in LF alone",
			answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\n0\r\n\r\n"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"carriage return in an extension",
			answersOnce("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a\rb\r\nhi\r\n0\r\n\r\n"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"largest chunk", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", "hello"),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
		{"endless extension", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "a=b;"),
			metric.Body, "the body is not chunked as its head says", 200},
		{"extensions without end", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
			"1;"+strings.Repeat("x", 1000)+"\r\ny\r\n"), metric.TooLarge,
			"the body's chunks hold more extensions than data", 200},
		{"endless trailer line", endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", "y"),
			metric.TooLarge, "the answer's trailer is larger than 4KiB", 200},
		{"endless head of nothing", endless("HTTP/1.1 200 OK\r\n", "a:\n"),
			metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"endless fold", endless("HTTP/1.1 200 OK\r\nX: y\r\n", " y\r\n"),
			metric.TooLarge, "the answer's head is larger than 64KiB", 0},
		{"small as deflate, large when not", packedAs("deflate", deflated),
			metric.TooLarge, "the body is larger than 9.77KiB", 200},
	}
}

// packedAs answers with a body in a content coding.
func packedAs(coding, body string) func(net.Conn, *bufio.Reader, int) {
	return answersOnce(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s",
		coding, len(body), body))
}

// zstdZeros returns a frame of blocks, each of 1 KiB of zeros.
func zstdZeros(blocks int) string {
	frame := "\x28\xb5\x2f\xfd\x00\x00" // a window of 1 KiB
	for i := range blocks {
		last := 0
		if i == blocks-1 {
			last = 1
		}
		header := 1<<10<<3 | 1<<1 | last
		frame += string([]byte{byte(header), byte(header >> 8), byte(header >> 16), 0})
	}
	return frame
}
