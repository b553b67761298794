package expr

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr/vm"

	"github.com/loadgate/loadgate/internal/expr/dynamic"
)

// What one evaluation may use. The figures are generous for a request body and
// small beside a machine: an answer of the service decides how often a
// predicate runs, so it must not decide how long a user computes.
const (
	budgetItems = 1_000_000 // list items made or walked
	budgetBytes = 16 << 20  // bytes of text made; an item counts 16
	itemBytes   = budgetBytes / budgetItems
	maxList     = 100_000 // items of one list(n, item)
)

var errBudget = errors.New("the expression makes more than 16 MiB or 1,000,000 items; make its lists and texts smaller")

// selfName is the name under which a program finds the Env that it runs in.
const selfName = "$self"

// Env is one virtual user's values. It is not safe for concurrent use.
type Env struct {
	names       map[string]any // the machine's variables, selfName among them
	rand        *rand.Rand
	now         func() time.Time
	user, users int
	drawn       int // calls of seq
	spent       int // bytes of budgetBytes used by the evaluation under way
	machine     *vm.VM
	header      func(name string) string // of the answer; nil: there is none
	body        dynamic.Body
	cookie      func(name string) string  // nil: there are none
	patterns    map[string]*regexp.Regexp // of extract
	scratch     []byte
	of          *Origin // of a fork; nil: it is none
}

// NewEnv returns an Env without values. All chance comes from rand, the time
// from now. seq() answers user, user+users, user+2·users and so on: unique
// among users numbers from 0 that share users.
func NewEnv(rand *rand.Rand, now func() time.Time, user, users int) *Env {
	e := &Env{rand: rand, now: now, user: user, users: users, names: make(map[string]any, 8)}
	e.names[selfName] = e
	return e
}

// Drawn is how many numbers seq() has given so far.
func (e *Env) Drawn() int { return e.drawn }

// Origin is an Env of which others are forked, to be used at the same time. It is used by one goroutine.
type Origin struct {
	mu  sync.Mutex
	env *Env
}

// Origin returns one for this Env, which may be used between two forks, and not while they are.
func (e *Env) Origin() *Origin { return &Origin{env: e} }

// Fork returns another Env with the values that the origin has now. What is set in it is known to it alone. It has a
// source of chance of its own, which the origin's decides. The numbers of its seq() are drawn from the origin's
// sequence, so no two are the same, and which of several forks has which of them depends on which asks first.
func (o *Origin) Fork() *Env {
	e := o.env
	f := NewEnv(rand.New(rand.NewPCG(e.rand.Uint64(), e.rand.Uint64())), e.now, e.user, e.users)
	maps.Copy(f.names, e.names)
	f.names[selfName] = f
	f.cookie, f.of = e.cookie, o
	return f
}

// number is the next one of the user's sequence.
func (e *Env) number() int {
	if e.of != nil {
		e.of.mu.Lock()
		defer e.of.mu.Unlock()
		e = e.of.env
	}
	n := e.user + e.drawn*e.users
	e.drawn++
	return n
}

// Set gives name a value: what Program.Eval returns, or any Go integer. Lists
// and maps are kept, not copied.
func (e *Env) Set(name string, value any) { e.names[name] = dynamic.Native(value) }

// Get returns the value of name; ok is false when it was never set or was
// unset.
func (e *Env) Get(name string) (value any, ok bool) {
	if isSecretName(name) {
		return nil, false
	}
	value, ok = e.names[name]
	return value, ok
}

// Unset makes name nil in expressions, as a capture is whose step failed or
// was not sent.
func (e *Env) Unset(name string) {
	if !isSecretName(name) {
		delete(e.names, name)
	}
}

// SetCookies says where cookies["name"] is read: the value of a cookie that the
// user holds, "" when it holds none of that name.
func (e *Env) SetCookies(cookie func(name string) string) { e.cookie = cookie }

// SetResponse shows an answer to expressions as status, headers and body.
// header returns a header's value, "" when it is absent, for a name in any
// case. body must not change until ClearResponse or the next SetResponse;
// values taken from it are copies. It is parsed when an expression first reads
// it: JSON gives its value, anything else is text.
func (e *Env) SetResponse(status int, header func(name string) string, body []byte) {
	e.names["status"] = status
	e.header, e.body = header, dynamic.NewBody(bytes.TrimPrefix(body, byteOrderMark))
}

// HasMember says whether the answer is a JSON object with a member of that name that is not null. It decodes none.
func (e *Env) HasMember(name string) bool { return e.body.HasMember(name) }

// byteOrderMark may stand before a text in UTF-8, and is no part of it.
var byteOrderMark = []byte("\ufeff")

// ClearResponse forgets the answer: status, headers and body are nil.
func (e *Env) ClearResponse() {
	delete(e.names, "status")
	if e.body.Size() > 64<<10 {
		e.machine = nil // its stacks may still hold the parsed body
	}
	e.header, e.body = nil, dynamic.Body{}
}

// charge takes bytes from the budget of the evaluation under way.
func (e *Env) charge(bytes int) error {
	if bytes < 0 || bytes > budgetBytes-e.spent {
		e.spent = budgetBytes
		return errBudget
	}
	e.spent += bytes
	return nil
}

// chargeItems takes list items from the budget.
func (e *Env) chargeItems(n int) error {
	if n > budgetItems {
		return e.charge(-1)
	}
	return e.charge(n * itemBytes)
}

// vetCount checks the first argument of list.
func vetCount(n int) error {
	if n < 0 || n > maxList {
		return fmt.Errorf("list(%d, …) is outside 0 to 100,000 items", n)
	}
	return nil
}

// isSecretName says whether the library or this package keeps name for
// itself: $env, and the names that the compiler writes into a program.
func isSecretName(name string) bool { return strings.HasPrefix(name, "$") }
