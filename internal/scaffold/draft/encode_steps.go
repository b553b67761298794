package draft

import (
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// item is a step, or the steps of a task.
type item struct {
	task  *Task // nil: a step alone
	steps []*Step
}

// steps are a list in its order, with those that are off as comments in their places.
func steps(all []*Step) *node.Value {
	l := node.List()
	for _, i := range itemsOf(all) {
		n, looks := i.encode(), lookComment(i.looks())
		if i.isOff() {
			n = placed(withLooks(looks, commented(node.List(n))))
		} else {
			n.HeadComment = looks
		}
		l.Content = append(l.Content, n)
	}
	return l
}

// encodeOnce writes the steps that are sent once under their key, as a comment where none of them is sent.
func encodeOnce(root *node.Value, key string, all []*Step) {
	if slices.ContainsFunc(all, func(s *Step) bool { return !s.Commented }) {
		node.Set(root, key, steps(all))
		return
	}
	if len(all) == 0 {
		return
	}
	var looks []string
	for _, s := range all {
		looks = append(looks, s.Looks...)
	}
	one := node.Map()
	node.Set(one, key, steps(plain(all)))
	setPlaced(root, withLooks(lookComment(looks), commented(one)))
}

// plain are steps as if all of them were sent and needed no look: for a comment that holds them.
func plain(all []*Step) (copies []*Step) {
	for _, s := range all {
		one := *s
		one.Commented, one.Looks = false, nil
		copies = append(copies, &one)
	}
	return copies
}

// itemsOf are the items of a list: steps of one task that follow each other are one.
func itemsOf(all []*Step) (items []item) {
	for _, s := range all {
		if last := len(items) - 1; s.Task != nil && last >= 0 && items[last].task == s.Task {
			items[last].steps = append(items[last].steps, s)
			continue
		}
		items = append(items, item{s.Task, []*Step{s}})
	}
	return items
}

// isOff says whether nothing of an item is sent.
func (i item) isOff() bool {
	return !slices.ContainsFunc(i.steps, func(s *Step) bool { return !s.Commented })
}

// looks are what a person must look at above an item. The steps of a task that is sent have their
// own; one that is a comment has no comments in it.
func (i item) looks() (all []string) {
	if i.task != nil && !i.isOff() {
		return nil
	}
	for _, s := range i.steps {
		for _, look := range s.Looks {
			if !slices.Contains(all, look) {
				all = append(all, look)
			}
		}
	}
	return all
}

func (i item) encode() *node.Value {
	if i.task == nil {
		return i.steps[0].encode()
	}
	var inner []*Step
	off := i.isOff()
	for _, s := range i.steps {
		one := *s
		one.Task = nil // it is in there already
		if off {
			one.Commented, one.Looks = false, nil
		}
		inner = append(inner, &one)
	}
	m := node.Map()
	node.Set(m, "transaction", node.Text(i.task.Name))
	if i.task.Times > 1 {
		node.Set(m, "times", node.Number(float64(i.task.Times)))
	}
	if i.task.Weight > 0 {
		node.Set(m, "weight", node.Number(float64(i.task.Weight)))
	}
	node.Set(m, "steps", steps(inner))
	return m
}

func (s *Step) encode() *node.Value {
	request := node.Text(s.Method + " " + s.Path)
	m := node.Map()
	node.Set(m, "request", request)
	if s.Name != "" {
		node.Set(m, "name", node.Text(s.Name))
	}
	if s.Times > 1 {
		node.Set(m, "times", node.Number(float64(s.Times)))
	}
	if s.Weight > 0 {
		node.Set(m, "weight", node.Number(float64(s.Weight)))
	}
	if s.Wait != "" {
		node.Set(m, "wait", node.Text(s.Wait))
	}
	if s.When != "" {
		node.Set(m, "when", node.Text(s.When))
	}
	if len(s.Headers) > 0 {
		node.Set(m, "headers", short(pairs(s.Headers)))
	}
	if s.Auth != nil {
		node.Set(m, "auth", short(s.Auth))
	}
	if s.Body != nil {
		node.Set(m, s.Body.Key, short(s.Body.Content))
	}
	if s.Expect != "" {
		node.Set(m, "expect", node.Text(s.Expect))
	}
	if len(s.Captures) > 0 {
		node.Set(m, "capture", short(pairs(s.Captures)))
	}
	if s.Follow {
		node.Set(m, "follow", node.Bool(true))
	}
	if s.Secret {
		node.Set(m, "secret", node.Bool(true))
	}
	switch len(m.Content) {
	case 2:
		return request
	case 4:
		if s.Weight > 0 || s.Times > 1 || s.Follow {
			return node.Inline(m)
		}
	}
	return m
}
