package syntax

import "slices"

// AsLoop is a comprehension as the loops and conditions that it is.
func AsLoop(n *Node) []*Node {
	body := []*Node{{Kind: "Expr", Line: n.Line, Nodes: map[string]*Node{"value": n.At("elt")}}}
	for _, g := range slices.Backward(n.Lists["generators"]) {
		for _, test := range slices.Backward(g.Lists["ifs"]) {
			body = []*Node{{Kind: "If", Line: n.Line, Nodes: map[string]*Node{"test": test},
				Lists: map[string][]*Node{"body": body}}}
		}
		body = []*Node{{Kind: "For", Line: n.Line, Lists: map[string][]*Node{"body": body},
			Nodes: map[string]*Node{"iter": g.At("iter"), "target": g.At("target")}}}
	}
	return body
}
