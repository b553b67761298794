package thresholds_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/thresholds"
)

// What is said on a WebSocket is read in order, each message with its time, and names have rows beside the endpoint.
func TestTalk(t *testing.T) {
	text := strings.Replace(rest, "[GET /items]", `[{request: GET /chat, was: GET /talk, timeout: 7s, ws: [
		{expect: 'body.type == "hi"', capture: {me: {from: body.id, keep: false}}},
		{send: 'I am ${ me }', expect: 'body == "ok"', name: ack, within: 2s}, {send: {json: {n: 1}}}, {wait: 5s},
		{expect: 'true', name: ack}]}, 'GET /of/${ me }']`, 1)
	s := decode(t, "version: 1\ntarget: {url: http://localhost}"+text, thresholds.Options{})
	step := s.Groups[0].Steps[0]
	var got []string
	for _, item := range step.Talk.Items {
		one := fmt.Sprintf("within %v, wait %v", item.Within, item.Wait)
		if item.Send != nil {
			one += fmt.Sprintf(", json: %t", item.Send.JSON != nil)
		}
		if item.Expect != nil {
			one += ", expect " + item.Expect.String()
		}
		if item.Row != nil {
			one += ", " + item.Row.Name + " was " + item.Row.Was
		}
		got = append(got, one)
	}
	want := []string{
		`within 7s, wait 0s, expect body.type == "hi"`,
		`within 2s, wait 0s, json: false, expect body == "ok", GET /chat ack was GET /talk ack`,
		"within 7s, wait 0s, json: true",
		"within 7s, wait 5s",
		"within 7s, wait 0s, expect true, GET /chat ack was GET /talk ack",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	if len(step.Capture) != 1 || step.Capture[0].Name != "me" || !step.Capture[0].Forget {
		t.Errorf("captures %+v", step.Capture)
	}
	if len(s.Transactions) != 1 || step.Timeout != 7*time.Second {
		t.Errorf("%d rows, timeout %v", len(s.Transactions), step.Timeout)
	}
}

// What cannot be is said once, with what to write.
func TestTalkMistakes(t *testing.T) {
	for _, test := range []struct{ target, step, want string }{
		{"", "ws: [{}]", "ws[0]: is empty; write keys: send, expect"},
		{"", "ws: [{within: 1s}]",
			"within belongs to expect; write expect: 'true' too for any message, or leave it out"},
		{"", "ws: [{send: a, name: b}]", "name belongs to expect"},
		{"", "ws: [{send: a, wait: 2s}]", "a pause is an item of its own; write - {wait: 2s} before or after this one"},
		{"", "ws: [{send: '${ x }'}]", `ws[0].send: unknown name "x"`},
		{"", "ws: [{expect: 'body +'}]", "ws[0].expect: "},
		{"", "expect: status == 101, ws: [{send: a}]", "a step with ws has no expect; write expect in ws"},
		{"", "capture: {a: body.a}, ws: [{send: a}]",
			"a step with ws has no capture; write capture beside expect in ws"},
		{"", "events: 3, ws: [{send: a}]", "events: a step with ws has no events; leave it out"},
		{"", "auth: {digest: {username: a, password: b}}, ws: [{send: a}]",
			"auth: digest begins no WebSocket; write auth: none beside it, or another kind"},
		{", http: h2c", "ws: [{send: a}]",
			"a WebSocket begins with HTTP/1.1, and the file says that HTTP/2 alone is spoken"},
	} {
		file := "version: 1\ntarget: {url: http://localhost" + test.target + "}\n" +
			"profiles: {p: {users: 1, spawn_rate: 1/s, duration: 1m}}\nusers: {g: {wait: 1s, LIST}}\n" +
			"thresholds: {x: {endpoints: \"*\", p95: 1s}}\n"
		_, err := thresholds.Decode([]byte(strings.Replace(file, "LIST",
			"steps: [{request: GET /chat, "+test.step+"}]", 1)), "f.yaml", thresholds.Options{})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n%v\nwant %s", test.step, err, test.want)
		}
	}
	for list, want := range map[string]string{
		"steps: [GET /a], end: [{request: GET /c, ws: [{send: a}]}]": "end steps begin no WebSocket; write the step " +
			"under steps, or leave ws out",
		"steps: [{request: POST /c, ws: [{send: a}]}]": "a WebSocket begins with GET; write request: GET /path",
		"steps: [{request: GET /c, ws: [{expect: 'true', name: gap}]}, {request: GET /c, for: 1s}]": "steps[1]: the " +
			"gaps of a stream are counted as GET /c gap, which is the name of the row of messages of a WebSocket in",
		"vars: {v: 1}, steps: [{request: GET /c, ws: [{expect: 'true', capture: {v: body}}]}]": "v is a var " +
			"of this group already; write another name",
	} {
		_, err := thresholds.Decode([]byte("version: 1\ntarget: {url: http://localhost}\n"+
			"profiles: {p: {users: 1, spawn_rate: 1/s, duration: 1m}}\nusers: {g: {wait: 1s, "+list+"}}\n"+
			"thresholds: {x: {endpoints: \"*\", p95: 1s}}\n"), "f.yaml", thresholds.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n%v\nwant %s", list, err, want)
		}
	}
}
