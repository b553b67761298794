package export

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/safetext"
	"github.com/loadgate/loadgate/internal/target"
)

// script is a plan in the words of a language.
type script struct {
	plan            *plan.Plan
	words           language
	groups          []group
	data            []table
	setup, teardown []step   // of no user
	notes           []string // what is not the same
	err             error    // the first one
}

type group struct {
	*plan.Group
	load  *plan.Plan // that it is a part of
	id    string     // a name in the language
	vars  []member
	start []step
	steps []step
	end   []step
}

// member is a name and its value in the language.
type member struct{ name, value string }

type table struct {
	name, pick, rows string
}

type step struct {
	*config.Step
	path    string
	headers []member
	body    string // empty: none
	parts   []part // of a multipart body
	when    string // empty: always
	expect  string // empty: 2xx
	status  []int  // that expect takes for good; nil where it asks for more
	capture []member
	forget  []string // names that have no value after a failure
}

type part struct {
	name, filename, kind string
	text                 string // in the language; empty: file
	file                 []byte
}

// language is a Notation with what scripts need beside expressions.
type language interface {
	expr.Notation
	// Address is a text whose values are escaped as parts of a path, or of a query
	// after the first literal ?.
	Address(pieces []expr.Piece) string
}

// mostRows is how many bytes of rows a script may hold.
const mostRows = 1 << 20

func newScript(p *plan.Plan, words language) *script {
	s := &script{plan: p, words: words}
	taken := map[string]bool{}
	for _, load := range p.Each() {
		for i := range load.Groups {
			g := &load.Groups[i]
			if g.Users == 0 && !load.Open {
				continue
			}
			s.groups = append(s.groups, s.group(load, g, taken))
		}
	}
	for _, d := range p.Config.Data {
		s.table(d)
	}
	if p.WarmUp > 0 {
		s.note("the first %s are not left out of its figures: they are warm-up here", p.WarmUp)
	}
	if file := p.Config.EnvFile.File; file != "" {
		s.note("env_file: the script reads the environment alone; set there what %s says", safetext.Line(file))
	}
	if p.Config.Trace.Sample > 0 {
		s.note("trace: the script samples no request and sends no traceparent of its own")
	}
	for i := range p.Config.Setup {
		s.setup = append(s.setup, s.step(&p.Config.Setup[i]))
	}
	for i := range p.Config.Teardown {
		s.teardown = append(s.teardown, s.step(&p.Config.Teardown[i]))
	}
	t := p.Config.Target
	if p.Bounded() {
		s.note("users go on until the time is over, and do not leave after their rounds or rows")
	}
	if t.Connections != (target.Connections{}) {
		s.note("target.connections: the script keeps connections as the tool does, and not %s", t.Connections)
	}
	s.services()
	return s
}

func (s *script) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(s.notes, text) {
		s.notes = append(s.notes, text)
	}
}

// in is a value of the language, from what can write itself in it.
func (s *script) in(v interface {
	In(expr.Notation) (string, error)
}, where string) string {
	text, err := v.In(s.words)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("%s: it cannot say %w", where, err)
	}
	return text
}

func (s *script) pieces(t *expr.Template, where string) []expr.Piece {
	pieces, err := t.Pieces(s.words)
	if err != nil && s.err == nil {
		s.err = fmt.Errorf("%s: it cannot say %w", where, err)
	}
	return pieces
}

func (s *script) joined(t *expr.Template, where string) string {
	return s.words.Join(s.pieces(t, where))
}

func (s *script) group(load *plan.Plan, g *plan.Group, taken map[string]bool) group {
	out := group{Group: g, load: load, id: identifier(g.Name, taken)}
	if s.plan.Loads != nil {
		out.id = identifier(load.Load+"_"+g.Name, taken)
	}
	for _, v := range g.Vars {
		out.vars = append(out.vars, member{v.Name, s.in(v.Value, v.Pos.String())})
	}
	for i := range g.Start {
		out.start = append(out.start, s.step(g.Start[i].Step))
	}
	for i := range g.Steps {
		out.steps = append(out.steps, s.step(g.Steps[i].Step))
	}
	for i := range g.End {
		out.end = append(out.end, s.step(g.End[i].Step))
	}
	switch {
	case g.Wait.Mean > 0:
		s.note("the users of %s always wait for the mean of their exponential think times", safetext.Line(g.Name))
	case g.Wait.Pacing:
		s.note("the users of %s wait after an answer, and not from start to start", safetext.Line(g.Name))
	}
	return out
}

func (s *script) step(from *config.Step) step {
	where := from.Pos.String()
	out := step{Step: from, path: s.words.Address(s.pieces(from.Path, where))}
	for _, h := range from.Headers {
		out.headers = append(out.headers, member{h.Name, s.joined(h.Value, where)})
	}
	if from.Body != nil {
		if from.Body.Multipart == nil {
			out.headers = append(out.headers, member{"Content-Type", s.words.Text(from.Body.ContentType)})
		}
		s.body(&out, from.Body, where)
	}
	if from.When != nil {
		out.when = s.in(from.When, where)
	}
	expect := from.Expect
	if expect == nil && from.Body != nil && from.Body.GraphQL {
		expect = answered()
	}
	if expect != nil {
		out.expect = s.in(expect, where)
		out.status = statuses(expect)
	}
	for _, c := range from.Capture {
		out.capture = append(out.capture, member{c.Name, s.in(c.Value, where)})
		if c.Forget {
			out.forget = append(out.forget, s.words.Text(c.Name))
		}
	}
	s.unlike(from)
	return out
}

// unlike says what is not the same of a step, and refuses what no script has. It is asked about every step, whenever
// that is sent.
func (s *script) unlike(from *config.Step) {
	endpoint := safetext.Line(from.Endpoint)
	if from.List() != nil && s.err == nil {
		s.err = fmt.Errorf("%s: each: it is not written into scripts; write the loop into the script", from.Pos)
	}
	if from.Stream != nil && s.err == nil {
		s.err = fmt.Errorf("%s: streams of events are not written into scripts; leave the step out, or measure with "+
			"loadgate itself", from.Pos)
	}
	if from.Talk != nil && s.err == nil {
		s.err = fmt.Errorf("%s: WebSockets are not written into scripts; leave the step out, or measure with loadgate "+
			"itself", from.Pos)
	}
	if from.Parallel > 0 && s.err == nil {
		s.err = fmt.Errorf("%s: parallel: it is not written into scripts; write the block into the script, or its "+
			"steps one after another", from.Pos)
	}
	if slices.ContainsFunc(from.Headers, func(h config.Header) bool { return h.Digest }) && s.err == nil {
		s.err = fmt.Errorf("%s: auth: digest is not written into scripts; write basic or bearer, or measure with "+
			"loadgate itself", from.Pos)
	}
	if t := from.Transaction; t != nil {
		s.note("the transaction %s is not measured as one, and users think after each of its steps",
			safetext.Line(t.Name))
	}
	if from.Poll.Until != nil {
		s.note("%s is sent once, and not until %s", endpoint, safetext.Line(from.Poll.Until.String()))
	}
	if from.Wait != nil {
		s.note("the wait after %s is that of its group", endpoint)
	}
	if from.Retry.Times > 0 {
		s.note("%s is not sent again when it fails", endpoint)
	}
}

func (s *script) body(out *step, b *config.Body, where string) {
	switch {
	case b.JSON != nil:
		out.body = s.words.Call("json", []string{s.in(b.JSON, where)})
	case b.Form != nil:
		var pairs []string
		for _, f := range b.Form {
			pairs = append(pairs, s.words.List([]string{s.words.Text(f.Name), s.joined(f.Value, where)}))
		}
		out.body = s.words.Call("form", pairs)
	case b.Text != nil:
		out.body = s.joined(b.Text, where)
	case b.File != nil:
		out.body = s.words.Call("file", []string{s.words.Text(encoded(b.File))})
	case b.Multipart != nil:
		for _, p := range b.Multipart {
			one := part{name: p.Name, filename: p.Filename, kind: p.ContentType, file: p.File}
			if p.Text != nil {
				one.text = s.joined(p.Text, where)
			}
			out.parts = append(out.parts, one)
		}
	}
}

// answered is what loadgate expects of an answer of GraphQL where the file says nothing.
func answered() *expr.Program {
	p, err := expr.NewScope(nil, nil).WithResponse().CompileBool(
		`status >= 200 && status < 300 && body.data != nil && len(body.errors ?? []) == 0`)
	if err != nil {
		panic("export: " + err.Error()) // of a constant
	}
	return p
}

// statuses are those that an expression takes for good, where it asks for the
// status alone: it is asked about each of them.
func statuses(expect *expr.Program) []int {
	if expect.UsesBody() || strings.Contains(expect.String(), "headers") {
		return nil
	}
	env := expr.NewEnv(rand.New(rand.NewPCG(1, 1)), func() time.Time { return time.Unix(0, 0) }, 0, 1)
	var good []int
	for status := 100; status < 600; status++ {
		env.SetResponse(status, func(string) string { return "" }, nil)
		ok, err := expect.Bool(env)
		if err != nil {
			return nil
		}
		if ok {
			good = append(good, status)
		}
	}
	return good
}

func (s *script) table(d config.Data) {
	var rows []string
	size := 0
	for _, row := range d.Rows {
		text := literal(s.words, row)
		size += len(text)
		rows = append(rows, text)
	}
	if size > mostRows && s.err == nil {
		s.err = fmt.Errorf("%s: data %s is larger than a script should be (%d MiB)", d.Pos, d.Name, mostRows>>20)
	}
	pick := [...]string{config.PickUnique: "unique", config.PickNext: "next", config.PickRandom: "random",
		config.PickOnce: "next"}[d.Pick]
	s.data = append(s.data, table{d.Name, pick, s.words.List(rows)})
}

// literal is a value of a row.
func literal(words language, v any) string {
	switch v := v.(type) {
	case nil:
		return words.Nil()
	case bool:
		return words.Bool(v)
	case string:
		return words.Text(v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, literal(words, item))
		}
		return words.List(items)
	case map[string]any:
		var values []string
		keys := slices.Sorted(maps.Keys(v))
		for _, key := range keys {
			values = append(values, literal(words, v[key]))
		}
		return words.Map(keys, values)
	}
	return fmt.Sprint(v)
}

// identifier is a name of a language that no other has.
func identifier(name string, taken map[string]bool) string {
	base := strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "_"), "_")
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = "users_" + base
	}
	id := base
	for i := 2; taken[id]; i++ {
		id = fmt.Sprintf("%s_%d", base, i)
	}
	taken[id] = true
	return id
}

// think is the bounds of a group's think time in seconds.
func think(g *plan.Group) (least, most float64) {
	if g.Wait.Mean > 0 {
		mean := g.Wait.Expected().Seconds() / g.Pace
		return mean, mean
	}
	return g.Wait.Min.Seconds() / g.Pace, g.Wait.Max.Seconds() / g.Pace
}

// share is its part of the users or arrivals of its load.
func (g group) share() float64 {
	sum := 0.0
	for _, other := range g.load.Groups {
		sum += other.Weight
	}
	if g.load.Open || g.load.Users == 0 {
		return g.Weight / sum
	}
	return float64(g.Users) / float64(g.load.Users)
}

// checkedAs is the flag that has a result judged by the rules of the plan's profile, where that is not the file's own.
func checkedAs(p *plan.Plan) string {
	if own, err := p.Config.Profile(""); err == nil && own.Name == p.Profile {
		return ""
	}
	return " --profile " + safetext.Line(p.Profile)
}
