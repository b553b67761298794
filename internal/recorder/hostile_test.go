package recorder_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/loadgate/loadgate/internal/recorder"
)

// page is a page whose script asks for something.
func page(w http.ResponseWriter, q *http.Request) {
	if q.URL.Path == "/api/me" {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"name":"ann"}`)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, `<!doctype html><title>shown</title><link rel=icon href="data:,"><script>fetch("/api/me").then(r => `+
		`r.json()).then(() => document.body.insertAdjacentHTML("beforeend", "<p id=done>done"))</script><body>`)
}

// What is larger than may be kept passes whole, and is not kept; so does what there is no memory for.
func TestBounds(t *testing.T) {
	service := serve(t, func(w http.ResponseWriter, q *http.Request) {
		n, _ := io.Copy(io.Discard, q.Body)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "%d %s", n, strings.Repeat("x", 5000))
	})
	r := listen(t, recorder.Options{Limits: recorder.Limits{Body: 1000, Answer: 1000}})
	_, large := send(t, through(t, r), request(t, "POST", service.String(), strings.Repeat("y", 9000)))
	if len(large) != 5005 || !strings.HasPrefix(large, "9000 ") {
		t.Errorf("got %d bytes", len(large))
	}
	if x := only(t, r); x.Body != nil || !x.LacksBody || x.Answer != nil || x.Status != 200 {
		t.Errorf("recorded: %+v", x)
	}

	r = listen(t, recorder.Options{Limits: recorder.Limits{Memory: 100_000}})
	client := through(t, r)
	const sent = 40
	for range sent {
		if _, got := send(t, client, request(t, "GET", service.String(), "")); len(got) != 5002 {
			t.Errorf("got %d bytes", len(got))
		}
	}
	got := ended(t, r)
	kept := 0
	for _, x := range got.Exchanges {
		kept += len(x.Answer)
	}
	if n := len(got.Exchanges); n == 0 || got.Lost == 0 || n+got.Lost != sent || kept > 100_000 {
		t.Errorf("%d exchanges with %d bytes, %d lost", n, kept, got.Lost)
	}

	r = listen(t, recorder.Options{Limits: recorder.Limits{Exchanges: 3}})
	for range 5 {
		send(t, through(t, r), request(t, "GET", service.String(), ""))
	}
	if got := ended(t, r); len(got.Exchanges) != 3 || got.Lost != 2 {
		t.Errorf("%d exchanges, %d lost", len(got.Exchanges), got.Lost)
	}
}

// long is a header that is long.
var long = "X-A: " + strings.Repeat("a", 1000) + "\r\n"

// A service that answers without end, or with what is no answer, harms neither the recorder nor what was recorded.
func TestHostileService(t *testing.T) {
	endless := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	r := listen(t, recorder.Options{Limits: recorder.Limits{Memory: 1 << 20}})
	a, err := through(t, r).Do(request(t, "GET", endless.String(), ""))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.CopyN(io.Discard, a.Body, 32<<20); err != nil {
		t.Errorf("read %d bytes of an endless answer: %v", n, err)
	}
	if err := a.Body.Close(); err != nil {
		t.Error(err)
	}
	if got := ended(t, r); len(got.Exchanges)+got.Lost != 1 || len(got.Exchanges) == 1 && got.Exchanges[0].Status != 0 {
		t.Errorf("recorded: %d exchanges, %d lost", len(got.Exchanges), got.Lost)
	}

	for name, answer := range map[string]string{
		"no HTTP":          "hello\r\n\r\n",
		"nothing":          "",
		"a status of text": "HTTP/1.1 abc OK\r\n\r\n",
		"a broken header":  "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
		"two lengths":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"an endless head":  "HTTP/1.1 200 OK\r\n" + strings.Repeat(long, 2000),
		"a body cut off":   "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{}",
		"broken chunks":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"a colour":         "HTTP/1.1 200 OK\r\nX-\x1b[31m: 1\r\n\r\n",
	} {
		r := listen(t, recorder.Options{})
		q := request(t, "GET", "http://"+rawService(t, answer)+"/", "")
		if a, err := through(t, r).Do(q); err == nil {
			_, err = io.Copy(io.Discard, a.Body)
			_ = a.Body.Close() // its end is what counts
			if a.StatusCode == http.StatusOK && err == nil {
				t.Errorf("%s was passed on as a good answer", name)
			}
		}
		if x := only(t, r); x.Status != 0 {
			t.Errorf("%s was recorded with status %d", name, x.Status)
		}
	}
}

// rawService answers every connection with a text, and closes it.
func rawService(t *testing.T, answer string) (host string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, answer)
			_ = c.Close()
		}
	})
	return l.Addr().String()
}

// What is no request is refused, and a tunnel to nowhere, within another or with what is no HTTP is closed.
func TestHostileClient(t *testing.T) {
	service := serve(t, echo)
	for name, text := range map[string]string{
		"no HTTP":            "\x16\x03\x01hello\r\n\r\n",
		"no host":            "CONNECT nowhere HTTP/1.1\r\nHost: nowhere\r\n\r\n",
		"no port":            "CONNECT example.com:0 HTTP/1.1\r\nHost: example.com:0\r\n\r\n",
		"a port of text":     "CONNECT example.com:https HTTP/1.1\r\nHost: x\r\n\r\n",
		"a strange name":     "CONNECT ex_am%20ple..com/..:443 HTTP/1.1\r\nHost: x\r\n\r\n",
		"another scheme":     "GET ftp://example.com/ HTTP/1.1\r\nHost: example.com\r\n\r\n",
		"an endless head":    "GET http://example.com/ HTTP/1.1\r\n" + strings.Repeat(long, 400),
		"a broken path":      "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"a smuggled request": "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n",
	} {
		r := listen(t, recorder.Options{Service: service})
		a, err := http.ReadResponse(bufio.NewReader(dial(t, r, text)), nil)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			if failed := (*net.OpError)(nil); !errors.As(err, &failed) { // closed with what was not read
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil && a.StatusCode < 400 {
			t.Errorf("%s was answered with %s", name, a.Status)
		}
		if got := ended(t, r); len(got.Exchanges) != 0 {
			t.Errorf("%s was recorded: %+v", name, got.Exchanges)
		}
	}
	for name, text := range map[string]string{
		"a tunnel": "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
		"no HTTP":  "SSH-2.0-x\r\n\r\n",
	} {
		r := listen(t, recorder.Options{})
		out := dial(t, r, "CONNECT "+service.Host+" HTTP/1.1\r\nHost: "+service.Host+"\r\n\r\n"+text)
		in := bufio.NewReader(out)
		if a, err := http.ReadResponse(in, nil); err != nil || a.StatusCode != 200 {
			t.Fatalf("CONNECT: %v, %v", a, err)
		}
		if name == "a tunnel" { // in a tunnel: what is in it is handled as its own requests
			fmt.Fprint(out, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
		}
		if a, err := http.ReadResponse(in, nil); err == nil && a.StatusCode < 400 && name != "a tunnel" {
			t.Errorf("%s in a tunnel was answered with %s", name, a.Status)
		}
		if got := ended(t, r); len(got.Exchanges) != 0 && name != "a tunnel" {
			t.Errorf("%s in a tunnel was recorded: %+v", name, got.Exchanges)
		}
	}
}

// Names for which certificates are asked are many, and of any kind.
func TestManyNames(t *testing.T) {
	service, roots := serveTLS(t, echo)
	r := listen(t, recorder.Options{Roots: roots})
	client := through(t, r)
	transport := client.Transport.(*http.Transport)
	transport.DisableKeepAlives = true
	for n := range 1200 { // more than are kept
		transport.TLSClientConfig.ServerName = fmt.Sprintf("host-%d.example", n)
		send(t, client, request(t, "GET", service.String(), ""))
	}
	if n := len(ended(t, r).Exchanges); n != 1200 {
		t.Errorf("%d exchanges were recorded", n)
	}
}
