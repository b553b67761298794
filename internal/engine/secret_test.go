package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

// The failure of a secret step quotes neither its request nor its answer, in a run, in a
// transaction and in the try-out.
func TestSecretStepsTellNothing(t *testing.T) {
	const quoted = "code-of-ada"
	fails := func(kind metric.Failure, cause metric.Cause, detail string) func(x *client.Exchange) {
		return func(x *client.Exchange) { x.Status, x.Failure, x.Cause, x.Detail = 0, kind, cause, detail }
	}
	const why = ": the expression failed, and why is secret"
	for _, tt := range []struct {
		name, step string
		answer     func(x *client.Exchange)
		want       string
		cause      metric.Cause
	}{
		{"status", "", func(x *client.Exchange) { x.Status = 401 }, "401 Unauthorized", metric.NoCause},
		{"redirect", "", func(x *client.Exchange) { x.Status, x.Location = 302, "/back?code="+quoted },
			"answers 302", metric.NoCause},
		{"redirect to nowhere", "", func(x *client.Exchange) { x.Status = 302 },
			"answers 302 without a Location", metric.RedirectNowhere},
		{"redirect that is not followed", "",
			fails(metric.Redirect, metric.RedirectForbidden, "redirects to host "+quoted),
			"redirects, and where to is secret", metric.RedirectForbidden},
		{"redirect to a host that does not exist", "", func(x *client.Exchange) {
			fails(metric.DNS, metric.NoCause, "no such host "+quoted)(x)
			x.Hops = 1
		}, "the host that its answer led to cannot be reached", metric.NoCause},
		{"not HTTP", "", fails(metric.Body, metric.NoCause, "it begins "+quoted),
			"the answer is not well formed", metric.NoCause},
		{"cannot be sent", "", fails(metric.Expression, metric.NoCause, "path "+quoted+" does not begin with a slash"),
			"the request cannot be written as HTTP; nothing was sent", metric.NoCause},
		{"silent", "", fails(metric.Timeout, metric.NoCause, "no answer within 10s"),
			"no answer within 10s", metric.NoCause},
		{"expect fails", ", expect: 'body.id + 1 > 2'", func(*client.Exchange) {}, "expect" + why, metric.NoCause},
		{"expect is false", ", expect: 'body.id == 2'", func(*client.Exchange) {},
			"expect is false: body.id == 2", metric.NoCause},
		{"capture fails", ", capture: {id: 'body.id + 1'}", func(*client.Exchange) {},
			"capture id" + why, metric.NoCause},
		{"nothing to capture", ", capture: {id: body.other}", func(*client.Exchange) {},
			"capture id: body.other found nothing in the answer", metric.NoCause},
		{"a body that cannot be made", ", json: {n: '${ word + 1 }'}", func(*client.Exchange) {},
			"body" + why, metric.NoCause},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					x.Body, x.Sample = []byte(`{"id": "`+quoted+`"}`), []byte(quoted)
					if q.Method == "POST" {
						tt.answer(x)
					}
					return time.Millisecond
				})
				step := "{request: 'POST /login?code=" + quoted + "', name: login, secret: true" +
					tt.step + "}"
				p := decode(t, file(1, "1/s", "10s",
					"  g: {wait: 1s, start: [{request: GET /word, capture: {word: body.id}}], "+
						"steps: [{transaction: buy, steps: ["+step+"]}]}\n"), plan.Options{})
				r := walk(t, context.Background(), p, s, engine.Engine{})
				one, all := r.Endpoints[1].Failures, r.Transactions[0].Failures
				if len(one) != 1 || one[0].Detail != tt.want || one[0].Cause != tt.cause ||
					one[0].Location+one[0].Sample != "" {
					t.Errorf("the run says %+v, want %q", one, tt.want)
				}
				if len(all) != 1 || !strings.HasSuffix(all[0].Detail, ": "+tt.want) ||
					all[0].Location+all[0].Sample != "" {
					t.Errorf("its transaction says %+v, want %q", all, tt.want)
				}
				e := engine.Engine{Dial: s.dial}
				a := e.TryOut(context.Background(), p, true)[1]
				if a.Detail != tt.want || a.Location != "" || strings.Contains(a.URL+a.Answer+a.Body, quoted) {
					t.Errorf("the try-out says %+v, want %q", a, tt.want)
				}
			})
		})
	}
}

// What a secret step captures is shown nowhere, also where it is an object or a list: each text and number in it is a
// secret, whether a user or setup captured it.
func TestSecretObjects(t *testing.T) {
	const token, number = "tok-4711-abcdef", "987654321987654321987"
	for _, from := range []string{"start", "setup"} {
		for _, captured := range []string{"body", "body.deep", "body.deep.list", "[body.deep.list[0], body.number]"} {
			synctest.Test(t, func(t *testing.T) {
				s := newService(func(q sent, x *client.Exchange) time.Duration {
					x.Body = []byte(`{"number": ` + number + `, "deep": {"list": ["` + token + `", {"n": ` +
						number + `}]}}`)
					if q.Target == "/echo" {
						x.Status = 500
						x.Sample = []byte("for " + token + " and " + number)
						x.Body = x.Sample
					}
					return time.Millisecond
				})
				step := "[{request: POST /login, secret: true, capture: {found: '" + captured + "'}}]"
				users := "  g: {wait: 1s, steps: [GET /echo]}\n"
				head := ""
				if from == "start" {
					users = "  g: {wait: 1s, start: " + step + ", steps: [GET /echo]}\n"
				} else {
					head = "setup: " + step + "\n"
				}
				p := decode(t, head+file(1, "1/s", "2s", users), plan.Options{})
				e := engine.Engine{Dial: s.dial}
				_, e.Setup = e.SetUp(t.Context(), p)
				r := walk(t, t.Context(), p, s, e)
				attempts := e.TryOut(t.Context(), p, true)
				text := fmt.Sprintf("%+v %+v", r.Endpoints, attempts[len(attempts)-1])
				if !strings.Contains(text, "for ***") {
					t.Errorf("%s, %s: no sample in %s", from, captured, text)
				}
				if strings.Contains(text, token) ||
					strings.Contains(captured, "number") && strings.Contains(text, number) {
					t.Errorf("%s, %s: a secret is in %s", from, captured, text)
				}
			})
		}
	}
}
