package locustfile

import (
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

// roleOf is what a class is by its bases.
func (f *file) roleOf(c *class, depth int) role {
	unknown := false
	for _, b := range c.bases {
		switch last := b[strings.LastIndex(b, ".")+1:]; last {
		case "HttpUser", "FastHttpUser", "HttpLocust", "FastHttpLocust":
			return httpUser
		case "TaskSet":
			return taskSet
		case "SequentialTaskSet", "TaskSequence":
			return sequential
		case "LoadTestShape":
			return shape
		default:
			base := f.classes[b]
			if base == nil || base == c || depth > 20 {
				unknown = unknown || b != "object" && b != "ABC" && b != "abc.ABC"
				continue
			}
			if r := f.roleOf(base, depth+1); r != other {
				return r
			}
		}
	}
	if unknown {
		return foreign
	}
	return other
}

// lineage is a class and what it inherits from within the file, the nearest first.
func (f *file) lineage(c *class) (all []*class) {
	var add func(c *class, depth int)
	add = func(c *class, depth int) {
		if c == nil || depth > 20 || slices.Contains(all, c) {
			return
		}
		all = append(all, c)
		for _, b := range c.bases {
			add(f.classes[b], depth+1)
		}
	}
	add(c, 0)
	return all
}

// attr is the value of an attribute of a class; nil: it has none.
func (f *file) attr(c *class, name string) *syntax.Node {
	for _, one := range f.lineage(c) {
		if v := one.attrs[name]; v != nil {
			return v
		}
	}
	return nil
}

// method is a method of a class; nil: it has none.
func (f *file) method(c *class, name string) *syntax.Node {
	for _, one := range f.lineage(c) {
		if m := one.methods[name]; m != nil {
			return m
		}
	}
	return nil
}
