package locustfile

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// lookForLost says which requests of the file are in nothing that was read: none is lost silently.
func (f *file) lookForLost(module *syntax) {
	type row struct {
		line int
		what string
	}
	lost := map[row]int{} // how many there are
	add := func(n *syntax, what string) {
		if !f.told[n] {
			f.told[n] = true
			lost[row{n.Line, what}]++
		}
	}
	const ofNone = "in no task that is read, and left out"
	module.walk(func(n *syntax) bool {
		switch {
		case n.Kind == "Call" && f.requests(n):
			what := ofNone
			if of := otherLibrary.FindString(f.canonical(n.at("func"))); of != "" {
				what = "of " + strings.TrimSuffix(of, ".") + ", which is no client of a user, and left out"
			}
			add(n.at("func"), what)
		case n.Kind == "Attribute" && clientCall.MatchString(n.dotted()): // which is passed on, as to a pool
			add(n, ofNone)
		}
		return true
	})
	for _, r := range slices.SortedFunc(maps.Keys(lost), func(a, b row) int {
		return cmp.Or(a.line-b.line, strings.Compare(a.what, b.what))
	}) {
		these := "this request is "
		if lost[r] > 1 {
			these = fmt.Sprintf("%d requests are ", lost[r])
		}
		f.look(&syntax{Line: r.line}, these+r.what)
	}
}

// requests says whether a call looks like a request: of a client, or with a path or an address.
func (f *file) requests(n *syntax) bool {
	of := n.at("func")
	if of.Kind == "Call" && of.at("func").Texts["id"] == "getattr" { // getattr(self.client, method)(path)
		return isClient.MatchString(of.item("args", 0).dotted())
	}
	name := f.canonical(of)
	if clientCall.MatchString(name) || restCall.MatchString(name) || otherRequest.MatchString(name) {
		return true
	}
	attr, address := of.Texts["attr"], n.item("args", 0)
	if attr == "request" {
		address = n.item("args", 1)
	}
	return (attr == "request" || slices.Contains(methods, attr)) && addresses(address)
}

// addresses says whether an expression begins with a path or an address as text.
func addresses(n *syntax) bool {
	switch n.Kind {
	case "Constant":
		v := n.Texts["value"]
		return n.Texts["type"] == "str" && (strings.HasPrefix(v, "/") || strings.HasPrefix(v, "http://") ||
			strings.HasPrefix(v, "https://"))
	case "JoinedStr":
		return addresses(n.item("values", 0))
	case "BinOp":
		return addresses(n.at("left"))
	}
	return false
}

// sends says whether something below a node looks like a request.
func (f *file) sends(n *syntax) (found bool) {
	n.walk(func(one *syntax) bool {
		found = found || one.Kind == "Call" && f.requests(one)
		return !found
	})
	return found
}

var (
	isClient   = regexp.MustCompile(`(^|\.)client$`)
	clientCall = regexp.MustCompile(`(^|\.)client\.(get|post|put|patch|delete|head|options|request)$`)
	restCall   = regexp.MustCompile(`^self\.(\w+\.)*rest_?$`)
	// otherRequest is a request of a library, by the names of Python.
	otherRequest = regexp.MustCompile(`^(requests|httpx)\.(get|post|put|patch|delete|head|options|request|stream)$|` +
		`^urllib\.request\.(urlopen|urlretrieve)$|^urllib3\.request$`)
	otherLibrary = regexp.MustCompile(`^(requests|httpx|urllib\.request|urllib3)\.`)
)
