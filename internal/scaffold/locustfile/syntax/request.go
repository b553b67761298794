package syntax

import (
	"regexp"
	"slices"
	"strings"
)

// Methods are those of a client that send a request, beside request itself.
var Methods = []string{"get", "post", "put", "patch", "delete", "head", "options"}

// IsPassedOn says whether an expression is a method of a client that sends, as it is given to a pool.
func IsPassedOn(n *Node) bool { return n.Kind == "Attribute" && clientCall.MatchString(n.Dotted()) }

// Library is the library whose request a call is; empty: it is of none that is known.
func (f Imports) Library(call *Node) string {
	return strings.TrimSuffix(otherLibrary.FindString(f.Canonical(call.At("func"))), ".")
}

// Requests says whether a call looks like a request: of a client, or with a path or an address.
func (f Imports) Requests(n *Node) bool {
	of := n.At("func")
	if of.Kind == "Call" && of.At("func").Texts["id"] == "getattr" { // getattr(self.client, method)(path)
		return isClient.MatchString(of.Item("args", 0).Dotted())
	}
	name := f.Canonical(of)
	if clientCall.MatchString(name) || restCall.MatchString(name) || otherRequest.MatchString(name) {
		return true
	}
	attr, address := of.Texts["attr"], n.Item("args", 0)
	if attr == "request" {
		address = n.Item("args", 1)
	}
	return (attr == "request" || slices.Contains(Methods, attr)) && addresses(address)
}

// addresses says whether an expression begins with a path or an address as text.
func addresses(n *Node) bool {
	switch n.Kind {
	case "Constant":
		v := n.Texts["value"]
		return n.Texts["type"] == "str" && (strings.HasPrefix(v, "/") || strings.HasPrefix(v, "http://") ||
			strings.HasPrefix(v, "https://"))
	case "JoinedStr":
		return addresses(n.Item("values", 0))
	case "BinOp":
		return addresses(n.At("left"))
	}
	return false
}

// Sends says whether something below a node looks like a request.
func (f Imports) Sends(n *Node) (found bool) {
	n.Walk(func(one *Node) bool {
		found = found || one.Kind == "Call" && f.Requests(one)
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
