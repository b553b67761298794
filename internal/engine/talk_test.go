package engine_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/result"
)

// chat is a service over WebSockets: it says who its user is, and answers each text with noise and the text.
func chat(t *testing.T) string {
	var users atomic.Int64
	srv := httptest.NewServer(websocket.Server{Handler: func(c *websocket.Conn) {
		say := func(v any) bool {
			text, err := json.Marshal(v)
			return err == nil && websocket.Message.Send(c, string(text)) == nil
		}
		id := users.Add(1)
		for text := ""; say(map[string]any{"type": "hi", "id": id}); {
			if websocket.Message.Receive(c, &text) != nil || text == "bye" ||
				websocket.Message.Send(c, "no JSON") != nil || !say(map[string]any{"type": "ack", "text": text}) {
				return
			}
		}
	}})
	t.Cleanup(srv.Close)
	return srv.URL
}

// talking tries the steps of a file out against a service, and runs them for as long as it takes.
func talking(t *testing.T, url, items string, run time.Duration) ([]engine.Attempt, *result.Result) {
	t.Helper()
	text := strings.Replace(file(1, "1/s", "1m", `
  g:
    wait: 10ms
    steps: [{request: GET /chat, timeout: 20s, ws: [`+items+`]}]
`), "http://localhost:8000", url, 1)
	p := decode(t, text, plan.Options{})
	c, err := client.New(client.Config{BaseURL: url, Allow: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
	attempts := e.TryOut(t.Context(), p, true)
	r := p.Result("test", time.Unix(0, 0))
	if run > 0 {
		ctx, cancel := context.WithTimeout(t.Context(), run)
		defer cancel()
		if err := e.Run(ctx, p, r); err != nil {
			t.Fatal(err)
		}
	}
	return attempts, r
}

// rows are how often each row succeeded and failed.
func rows(r *result.Result) map[string][2]int64 {
	all := map[string][2]int64{}
	for _, list := range [][]result.Endpoint{r.Endpoints, r.Transactions} {
		for _, row := range list {
			var n [2]int64
			for _, s := range row.Slots {
				n[0], n[1] = n[0]+s.Requests-s.Failures(), n[1]+s.Failures()
			}
			all[row.Name] = n
		}
	}
	return all
}

// A user waits for messages, leaves others out, keeps values and sends them; named messages are counted beside the
// requests, each as often as it came.
func TestTalk(t *testing.T) {
	t.Parallel()
	tried, r := talking(t, chat(t), `{expect: 'body.type == "hi"', name: hi, capture: {me: body.id}},
		{send: 'I am ${ me }', expect: 'body.type == "ack" && body.text == "I am " + string(me)', name: ack},
		{send: {json: {n: 1}}}, {wait: 10ms}, {expect: 'body.type == "ack"', name: ack}, {send: bye}`, time.Second)
	if len(tried) != 1 || tried[0].Failure != metric.OK || tried[0].Status != 101 ||
		tried[0].Answer != `{"text":"{\"n\":1}","type":"ack"}` || len(tried[0].Captures) != 1 {
		t.Errorf("tried: %+v", tried)
	}
	n := rows(r)
	requests := n["GET /chat"]
	if requests[0] < 2 || requests[1] > 0 || n["GET /chat hi"][0] < requests[0]-1 ||
		n["GET /chat ack"][0] < 2*requests[0]-2 || n["GET /chat hi"][1]+n["GET /chat ack"][1] > 0 {
		t.Errorf("%v", n)
	}
}

// What fails on a WebSocket fails its step, and the message that was waited for; the rest is not done.
func TestTalkFails(t *testing.T) {
	t.Parallel()
	url := chat(t)
	for _, test := range []struct {
		items, detail string
		failure       metric.Failure
	}{
		{`{expect: 'body.type == "never"', name: never, within: 50ms}, {send: bye, expect: 'true', name: after}`,
			`no message within 50ms of which expect is true: body.type == "never"`, metric.Timeout},
		{`{send: bye, expect: 'body.type == "never"', name: never}, {send: a, expect: 'true', name: after}`,
			"the server closed the connection of the WebSocket", metric.Reset},
		{`{expect: 'true', name: first, capture: {x: body.absent}}, {send: a, expect: 'true', name: after}`,
			"capture x: body.absent found nothing in the answer", metric.Capture},
	} {
		tried, r := talking(t, url, test.items, 500*time.Millisecond)
		if tried[0].Failure != test.failure || tried[0].Detail != test.detail {
			t.Errorf("%s: tried: %v %q", test.items, tried[0].Failure, tried[0].Detail)
		}
		n := rows(r)
		// The end of the load may cut one off.
		if n["GET /chat"][0] > 1 || n["GET /chat"][1] == 0 || n["GET /chat after"] != [2]int64{} {
			t.Errorf("%s: %v", test.items, n)
		}
		if never, ok := n["GET /chat never"]; ok && never != [2]int64{0, n["GET /chat"][1]} {
			t.Errorf("%s: %v", test.items, n)
		}
		if first, ok := n["GET /chat first"]; ok && first[0] < n["GET /chat"][1] {
			t.Errorf("%s: %v", test.items, n)
		}
	}
}

// The end of the load, or its interruption, ends a WebSocket without a failure, wherever it is.
func TestTalkEndsWithTheLoad(t *testing.T) {
	t.Parallel()
	url := chat(t)
	for _, items := range []string{`{wait: 1m}`, `{expect: 'body.type == "never"', name: never, within: 1m}`} {
		text := strings.Replace(file(1, "1/s", "1m", "\n  g:\n    wait: 10ms\n    steps: [{request: GET /chat, ws: ["+
			items+"]}]\n"), "http://localhost:8000", url, 1)
		p := decode(t, text, plan.Options{})
		c, err := client.New(client.Config{BaseURL: url, Allow: []string{"127.0.0.1"}})
		if err != nil {
			t.Fatal(err)
		}
		e := engine.Engine{Dial: func(int) engine.Doer { return c.Session() }}
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		r := p.Result("test", time.Unix(0, 0))
		began := time.Now()
		if err := e.Run(ctx, p, r); err != nil {
			t.Fatal(err)
		}
		cancel()
		n := rows(r)
		if n["GET /chat"] != [2]int64{1, 0} || n["GET /chat never"] != [2]int64{} ||
			time.Since(began) > 30*time.Second {
			t.Errorf("%s: %v after %v", items, n, time.Since(began))
		}
	}
}

// A service that answers otherwise gives no WebSocket.
func TestTalkIsRefused(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(nil) // which knows no path
	defer srv.Close()
	tried, _ := talking(t, srv.URL, "{send: a}", 0)
	if tried[0].Failure != metric.Status || tried[0].Status != 404 {
		t.Errorf("%v %q", tried[0].Failure, tried[0].Detail)
	}
}
