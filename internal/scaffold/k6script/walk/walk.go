package walk

import (
	"math"

	"github.com/grafana/sobek/ast"

	"github.com/loadgate/loadgate/internal/scaffold/written"
)

const (
	// Bounds of what is read, so that no script takes long.
	mostWork     = 200_000
	mostItems    = 500
	mostRounds   = 1000
	deepestCalls = 60
)

// walk is what one user does in a round, in its order.
type walk struct {
	*Script
	read     reader
	items    []Item
	env      map[string]string // of the scenario
	per      written.Per       // how often what is drawn is drawn
	returned value
	within   []string               // the groups that it is in
	group    *group                 // the outermost of them
	held     []string               // why the requests that are read are comments
	narrowed map[*written.Draw]span // what a draw is from, below the conditions on it
	when     string                 // under which expression they are sent
	chance   float64                // the probability of that; 0: they are sent in any case
	unsure   int                    // how many conditions that are not known are around
	calls    int                    // how many functions are around
	failing  int                    // how many branches for answers that are not wanted are around
	full     bool
	over     bool // the round ended in an error of the script's own
}

// Item is a request, or a wait; exactly one is set.
type Item struct {
	Call   *Call
	Wait   *Range
	Within bool // the wait is below the condition of the request before it
}

// Range is a time in seconds that is drawn evenly from Low to Low+Width.
type Range struct{ Low, Width float64 }

// Plus is what two times take, one after the other.
func (r Range) Plus(other Range) Range { return Range{r.Low + other.Low, r.Width + other.Width} }

// Times is a multiple of a time.
func (r Range) Times(n float64) Range { return Range{r.Low * n, r.Width * n} }

// reader reads what stands anywhere in a script.
type reader interface {
	expression(w *walk, e ast.Expression, in *scope, depth int) value
	statement(w *walk, st ast.Statement, in *scope) flow
	statements(w *walk, all []ast.Statement, in *scope) flow
	call(w *walk, f *function, arguments []value, depth int) value
}

func (w *walk) expression(e ast.Expression, in *scope, depth int) value {
	return w.read.expression(w, e, in, depth)
}

func (w *walk) statement(st ast.Statement, in *scope) flow { return w.read.statement(w, st, in) }

func (w *walk) statements(all []ast.Statement, in *scope) flow { return w.read.statements(w, all, in) }

// call reads a function of the script, as if its statements stood here.
func (w *walk) call(f *function, arguments []value, depth int) value {
	return w.read.call(w, f, arguments, depth)
}

// flow is how a statement ends.
type flow int

const (
	onward flow = iota
	leave       // of a loop
	again       // the next round of it
	ended       // of a function
)

// tires says whether so much was read that the rest is left out.
func (w *walk) tires() bool {
	w.work++
	if w.work > mostWork || len(w.items) >= mostItems {
		if !w.full {
			w.Look("the script does more than init reads: the rest of it is left out")
		}
		w.full = true
	}
	return w.full
}

// hold reads what the script does under a condition that init cannot say: its requests are
// comments.
func (w *walk) hold(st ast.Node, what string, read func() flow) {
	before, over := len(w.items), w.over
	w.held = append(w.held, w.at(st, what+": is it sent?"))
	w.unsure++
	read()
	w.over = over
	w.unsure--
	w.held = w.held[:len(w.held)-1]
	kept := w.items[:before]
	for _, i := range w.items[before:] {
		if i.Call != nil { // nobody waits between comments
			kept = append(kept, i)
		}
	}
	w.items = kept
}

// under reads what the script does with a probability, which is that of all conditions around it.
func (w *walk) under(st ast.Node, c chance, read func() flow) {
	outer, when := w.chance, w.when
	p := math.Round(c.p*max(outer, 0)*1e6) / 1e6
	if when == "" {
		p = math.Round(c.p*1e6) / 1e6
	}
	if p == 0 { // never
		return
	}
	before, over := len(w.items), w.over
	narrow, was := w.narrowed[c.draw]
	if c.draw != nil {
		w.narrowed[c.draw] = c.within
	}
	w.when, w.chance = "chance("+numberText(p)+")", p
	w.unsure++
	read()
	w.over = over
	w.unsure--
	w.when, w.chance = when, outer
	if delete(w.narrowed, c.draw); was {
		w.narrowed[c.draw] = narrow
	}
	if n := len(Calls(w.items[before:])); n > 1 {
		w.lookAt(st, "the script draws once for several requests; here each draws for itself")
	}
	asked := false
	for i := range w.items[before:] {
		switch one := &w.items[before+i]; {
		case one.Call != nil:
			asked = asked || len(one.Call.Request.Held) == 0
		case asked:
			one.Within = true
		case !one.Within:
			wait := one.Wait.Times(c.p)
			one.Wait = &wait
		}
	}
}

// wanted reads what the script does after a good answer. The draft does it anyway: the failure
// before it counts.
func (w *walk) wanted(st ast.Node, read func() flow) flow {
	before := len(w.items)
	f := read()
	if len(Calls(w.items[before:])) > 0 {
		w.lookAt(st, "the script goes on only after a good answer; here a user goes on in any case")
	}
	return f
}

// Call is a request that the script makes.
type Call struct {
	Request    *written.Request
	Origin     string // scheme and host of its address, or the variable that has them
	Where      string // its line
	Address    string // as the script writes it, as far as that is known
	Tags       map[string]string
	Groups     string  // of k6: ::a::b
	Chance     float64 // how probable it is; 0: it is sent in any case
	checked    bool
	UsesNumber bool
}

// group is one of the script.
type group struct {
	shared *written.Group
}

// Calls are the requests of what was read.
func Calls(items []Item) (all []*Call) {
	for _, i := range items {
		if i.Call != nil {
			all = append(all, i.Call)
		}
	}
	return all
}

// argument is one of some; nil: there is none.
func argument(all []value, i int) value {
	if i < len(all) {
		return all[i]
	}
	return nil
}

func (w *walk) arguments(e *ast.CallExpression, in *scope, depth int) (all []value) {
	for _, one := range e.ArgumentList {
		all = append(all, w.expression(one, in, depth+1))
	}
	return all
}
