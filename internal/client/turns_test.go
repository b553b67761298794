package client

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// Who waits for a connection of a pool gets it in turn. Who gives up takes no turn, whenever that is.
func TestPoolTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, o := newPools(2), &origin{host: "a"}
		p.join()
		soon := limit{time.Now().Add(time.Second), time.Second}
		for range 2 {
			if c, f := p.take(t.Context(), o, soon); c != nil || f.bad() {
				t.Fatalf("take of an empty pool: %v, %v", c, f)
			}
		}
		if c, f := p.take(t.Context(), &origin{host: "b"}, soon); c != nil || f.bad() {
			t.Errorf("take of another origin: %v, %v", c, f)
		}
		var all sync.WaitGroup
		defer all.Wait()
		var order []int
		var got []*conn
		wait := func(ctx context.Context, i int) {
			all.Go(func() {
				c, f := p.take(ctx, o, limit{time.Now().Add(time.Minute), time.Minute})
				switch {
				case f.detail == Stopped && f.kind == metric.Timeout:
					order = append(order, -i)
				case !f.bad():
					order, got = append(order, i), append(got, c)
				}
			})
			synctest.Wait()
		}
		stopped, stop := context.WithCancel(t.Context())
		wait(t.Context(), 1)
		wait(stopped, 2)
		wait(t.Context(), 3)
		wait(t.Context(), 4)
		stop()
		synctest.Wait()
		first, second := new(conn), new(conn)
		for _, c := range []*conn{first, nil, second} {
			p.give(o, c)
			synctest.Wait()
		}
		if !slices.Equal(order, []int{-2, 1, 3, 4}) || !slices.Equal(got, []*conn{first, nil, second}) {
			t.Errorf("turns %v, connections %p; want those who waited longest to go first", order, got)
		}
		p.give(o, first)
		p.give(o, second)
		if c, _ := p.take(t.Context(), o, soon); c != second {
			t.Error("the connection used last does not go first")
		}
		if c, _ := p.take(t.Context(), o, soon); c != first {
			t.Error("an idle connection is not used")
		}
		begun := time.Now()
		c, f := p.take(t.Context(), o, soon)
		if took := time.Since(begun); c != nil || f.kind != metric.Timeout || took != time.Second {
			t.Errorf("take of a busy pool: %v, %v after %s", c, f, took)
		}
		p.give(o, nil)
		if c, f := p.take(t.Context(), o, limit{time.Now(), 0}); c != nil || f.bad() {
			t.Errorf("a place that was given back is not free: %v, %v", c, f)
		}
	})
}

// A turn that comes as its time is over goes to the next one.
func TestPoolLosesNoPlace(t *testing.T) {
	for i := range 200 {
		p, o := newPools(1), &origin{host: "a"}
		p.join()
		_, _ = p.take(t.Context(), o, limit{})
		var ended fault
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			c, f := p.take(ctx, o, limit{time.Now().Add(time.Minute), time.Minute})
			if !f.bad() {
				p.give(o, c)
			}
			ended = f
		})
		if i%2 == 0 {
			all.Go(stop)
		}
		p.give(o, nil)
		all.Wait()
		stop()
		if i%2 != 0 && ended.bad() {
			t.Fatalf("a place is free, and who wants it gets %v", ended)
		}
		if c, f := p.take(t.Context(), o, limit{time.Now(), 0}); c != nil || f.bad() {
			t.Fatalf("the place is lost: %v", f)
		}
	}
}
