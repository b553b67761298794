// Package locustfile drafts a thresholds.yaml from a script of Locust, without running it: from the
// syntax tree that Program writes. It knows what of Locust has an equal in the file; what has none
// is said with its line.
package locustfile

import (
	"cmp"
	_ "embed" // for the program that writes the syntax tree
	"errors"
	"fmt"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/input"
	"github.com/loadgate/loadgate/internal/scaffold/locustfile/syntax"
)

//go:embed parse.py
var parse string

// largestFile is how large a script may be, in bytes.
const largestFile = 1 << 20

// Program writes the syntax tree of a script, which Draft reads. It takes the script on its standard input,
// and runs nothing of it.
var Program = &input.Program{
	Names: []string{"python3", "python"}, Args: []string{"-I", "-S", "-c", parse},
	Missing: "python3 is not installed: it reads the script, of which nothing is run; install Python 3.8 or newer, " +
		"such as with apt install python3",
	Accept: func(src []byte) ([]byte, error) {
		text, err := input.Text(src)
		if err != nil {
			return nil, err
		}
		if err := input.OtherKind(text, "--locustfile"); err != nil {
			return nil, err
		}
		if len(text) > largestFile {
			return nil, fmt.Errorf("it is larger than %d MiB", largestFile>>20)
		}
		return text, nil
	},
}

// Draft drafts a file from the syntax tree of a script of Locust: each class of users is a group.
func Draft(tree input.File, o draft.Options) (*draft.Draft, error) {
	d, err := read(tree, o)
	if err != nil {
		return nil, fmt.Errorf("read locustfile: %w", err)
	}
	return d, nil
}

func read(tree input.File, o draft.Options) (*draft.Draft, error) {
	module, err := syntax.Read(tree.Text)
	if err != nil {
		return nil, err
	}
	d := &draft.Draft{Origin: "a script of Locust"}
	f := newFile(d, module)
	host, own := o.URL, ""
	for _, c := range f.order {
		switch f.roleOf(c, 0) {
		case httpUser:
			u := f.user(c)
			if u == nil {
				continue
			}
			if host != "" && u.host != "" && host != u.host && o.URL == "" {
				f.look(c.def, "class "+c.name+" has another host: all requests go to "+host)
			}
			host, own = cmp.Or(host, u.host), cmp.Or(own, u.host)
			d.Groups = append(d.Groups, u.group)
		case shape:
			f.look(c.def, "class "+c.name+" is a shape of the load, which is not read: write a profile with stages")
		case foreign:
			f.look(c.def, "class "+c.name+" inherits from what is not in the file, and is left out")
		}
	}
	if f.budget < 0 || f.steps > mostSteps {
		return nil, errors.New("it makes more than one file can hold: cut it down to what users do")
	}
	if len(d.Groups) == 0 {
		return nil, errors.New("it has no class of HttpUser or FastHttpUser with a task that sends a request")
	}
	if host == "" {
		host = "http://localhost:8000"
		d.AddLook("no host is in the script: is it " + host + "?")
	}
	d.URL = host
	f.once(cmp.Or(own, host))
	f.lookForLost(module)
	f.equalWeights()
	d.SendGraphQL()
	d.NameEndpoints()
	d.GuessRules()
	return d.Finish(o)
}

// user is the group of a class of users; nil: it sends nothing.
func (f *file) user(c *class) *user {
	if v := c.attrs["abstract"]; v != nil && v.Texts["value"] == "True" {
		return nil
	}
	if v := f.attr(c, "weight"); v != nil {
		if s := (&scope{file: f, class: c}); s.eval(v).text == "0" {
			f.look(v, "class "+c.name+" has the weight 0: it has no users, and is left out")
			return nil
		}
	}
	g := &draft.Group{Name: c.name}
	before := f.draft.Mark()
	tasks, steps := f.tasks, f.steps
	f.tasks = map[string]bool{}
	known := f.newUser(c, g, nil)
	known.read()
	// What a task captures, an earlier one may show: it is read again with what is known then.
	f.draft.Reset(before)
	f.tasks, f.steps = tasks, steps
	g = &draft.Group{Name: f.draft.UnusedGroup(c.name)}
	u := f.newUser(c, g, known)
	u.read()
	if len(g.Steps) == 0 && len(g.Start) > 0 { // a login alone
		g.Steps, g.Start = g.Start, nil
	}
	if len(g.Steps) == 0 {
		f.look(c.def, "class "+c.name+" has no task that sends a request, and is left out")
		return nil
	}
	for st, v := range u.answers {
		st.Expect = v.expect(st)
	}
	u.requests.Judge()
	return u
}

// equalWeights leaves out weights where all groups have the same.
func (f *file) equalWeights() {
	groups := f.draft.Groups
	for _, g := range groups {
		if cmp.Or(g.Weight, 1) != cmp.Or(groups[0].Weight, 1) {
			return
		}
	}
	for _, g := range groups {
		g.Weight = 0
	}
}
