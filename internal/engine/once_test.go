package engine_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/client"
	"github.com/loadgate/loadgate/internal/engine"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/plan"
)

const seeded = `setup:
  - {request: POST /seed, secret: true, capture: {shop: body.id, token: body.token}}
  - GET /seed
teardown: ['DELETE /seed/${ setup.shop }', DELETE /other]
`

const seeding = `  g:
    wait: 1s
    headers: {Authorization: 'Bearer ${ setup.token }'}
    steps: ['GET /items/${ setup.shop }']
`

// seededPlan is a second of some users who need what setup makes.
func seededPlan(t *testing.T, users int) *plan.Plan {
	return decode(t, seeded+file(users, "2/s", "1s", seeding), plan.Options{})
}

// answering is a service of the file above; what it answers to a path may be another status.
func answering(status map[string]int) *service {
	return newService(func(q sent, x *client.Exchange) time.Duration {
		x.Body = []byte(`{"id": 12345678901234567890, "token": "Blumen77"}`)
		for path, answer := range status {
			if strings.HasPrefix(q.Target, path) {
				x.Status = answer
			}
		}
		return time.Millisecond
	})
}

// targets are the paths that a service saw.
func targets(s *service) (all []string) {
	for _, q := range s.requests() {
		all = append(all, q.Method+" "+q.Target)
	}
	return all
}

// What setup captured is read by all users and by teardown, on this machine and on another.
func TestSetUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := answering(nil)
		p := seededPlan(t, 2)
		e := engine.Engine{Dial: s.dial}
		attempts, values := e.SetUp(context.Background(), p)
		secret := []string{"shop", "token"}
		if len(attempts) != 2 || attempts[0].Failure != metric.OK || !cmp.Equal(values.Secret, secret) {
			t.Fatalf("%d attempts: %+v; %v", len(attempts), attempts, values)
		}
		text, err := values.Encode()
		if err != nil {
			t.Fatal(err)
		}
		carried, err := engine.DecodeValues(text)
		if err != nil || !cmp.Equal(carried, values) {
			t.Errorf("%s became %v, %v", text, carried, err)
		}
		walk(t, context.Background(), p, s, engine.Engine{Setup: carried})
		e.Setup = values
		e.TearDown(context.Background(), p)
		want := []string{"POST /seed", "GET /seed",
			"GET /items/12345678901234567890", "GET /items/12345678901234567890",
			"DELETE /seed/12345678901234567890", "DELETE /other"}
		if got := targets(s); !cmp.Equal(got, want) {
			t.Errorf("sent %v, want %v", got, want)
		}
		for _, q := range s.requests()[2:4] {
			if !strings.Contains(q.Header, "Bearer Blumen77") {
				t.Errorf("sent %q", q.Header)
			}
		}
	})
}

// Setup ends at the first step that fails, and is not repeated: what it made would be made twice. Each step of
// teardown is sent, whatever became of the others, and repeated.
func TestSetUpFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := answering(map[string]int{"/seed": 503})
		p := seededPlan(t, 2)
		e := engine.Engine{Dial: s.dial}
		attempts, values := e.SetUp(context.Background(), p)
		if len(attempts) != 1 || attempts[0].Status != 503 || len(values.All) > 0 {
			t.Errorf("%+v, %v", attempts, values)
		}
		e.Setup = engine.Values{All: map[string]any{"shop": 7}}
		after := e.TearDown(context.Background(), p)
		if len(after) != 2 || after[0].Failure != metric.Status || after[0].Repeats != 3 ||
			after[1].Failure != metric.OK {
			t.Errorf("%+v", after)
		}
		if got := targets(s); len(got) != 6 || got[5] != "DELETE /other" {
			t.Errorf("sent %v", got)
		}
	})
}

// Of a list that teardown had no time for, the last attempt says how many elements are left; those of a list for which
// there was time are all sent.
func TestTearDownRunsOutOfTime(t *testing.T) {
	for _, row := range []struct {
		within time.Duration
		want   []int // elements left, by attempt
	}{{time.Minute, []int{0, 0, 0, 0, 0}}, {2500 * time.Millisecond, []int{0, 0, 2}}, {0, nil}} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(func(sent, *client.Exchange) time.Duration { return time.Second })
			p := decode(t, file(1, "1/s", "5s", "  g: {wait: 1s, steps: [GET /a]}\n")+
				"teardown: [{request: 'DELETE /x/${ each }', each: '1..5', retry: off}]\n", plan.Options{})
			e := engine.Engine{Dial: s.dial}
			ctx, cancel := context.WithTimeout(context.Background(), row.within)
			defer cancel()
			var left []int
			for _, a := range e.TearDown(ctx, p) {
				left = append(left, a.Left)
			}
			if !slices.Equal(left, row.want) {
				t.Errorf("within %s: %v are left, want %v", row.within, left, row.want)
			}
		})
	}
}

// What a secret step of setup captured is in no detail of a user's failure.
func TestSetUpIsMasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(func(q sent, x *client.Exchange) time.Duration {
			x.Status, x.Sample = 500, []byte("no shop for Blumen77")
			return time.Millisecond
		})
		p := seededPlan(t, 1)
		r := walk(t, context.Background(), p, s, engine.Engine{Setup: engine.Values{
			All: map[string]any{"shop": 1, "token": "Blumen77"}, Secret: []string{"token"}}})
		got := r.Endpoints[0].Failures[0].Sample
		if !strings.Contains(got, "no shop for") || strings.Contains(got, "Blumen") {
			t.Errorf("the sample is %q", got)
		}
	})
}
