package jmeter

import (
	"errors"
	"slices"
	"strings"
)

// mostFollowed is how many elements modules may lead to, each counted where it is used.
const mostFollowed = 20_000

// followModules puts below each ModuleController of a plan what it leads to, which may be switched off where it is.
func followModules(items []item, tree *element) error {
	m := modules{tree: tree, left: mostFollowed}
	m.follow(items, nil)
	if m.left < 0 {
		return errors.New("its modules lead to more than one file can hold: cut it down to what users do")
	}
	return nil
}

type modules struct {
	tree *element
	left int
}

// follow follows the modules among some elements; within are the elements that they are in, none of which is entered
// again.
func (m *modules) follow(items []item, within []*element) {
	for n := range items {
		if m.left--; m.left < 0 && within != nil {
			return
		}
		one := &items[n]
		if one.tag == "ModuleController" {
			if target, below := m.find(pathOf(*one), m.tree); target != nil && !slices.Contains(within, target) {
				found := item{element: target, below: itemsOf(below)}
				m.follow(found.below, append(slices.Clip(within), target))
				one.below = []item{found}
				if strings.HasSuffix(target.tag, "ThreadGroup") {
					one.below = found.below
				}
				continue
			}
		}
		m.follow(one.below, within)
	}
}

// pathOf are the names that lead to what a module is, from the plan on.
func pathOf(i item) (names []string) {
	for _, p := range i.parts("ModuleController.node_path") {
		names = append(names, strings.TrimSpace(p.text))
	}
	if len(names) == 0 {
		return nil
	}
	return names[1:] // behind the root of JMeter's window
}

// find is the element that names lead to, and the tree below it; nil: there is none.
func (m *modules) find(names []string, tree *element) (target, below *element) {
	if len(names) == 0 {
		return nil, nil
	}
	for i, kid := range tree.kids {
		if kid.tag == "hashTree" || strings.TrimSpace(kid.attrs["testname"]) != names[0] {
			continue
		}
		inner := &element{}
		if i+1 < len(tree.kids) && tree.kids[i+1].tag == "hashTree" {
			inner = tree.kids[i+1]
		}
		if len(names) == 1 {
			return kid, inner
		}
		if target, below = m.find(names[1:], inner); target != nil {
			return target, below
		}
	}
	return nil, nil
}
