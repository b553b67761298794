package jmeter

import "slices"

// isRequest says whether an element is an HTTP request.
func isRequest(tag string) bool {
	return slices.Contains([]string{"HTTPSamplerProxy", "HTTPSampler", "HTTPSampler2"}, tag)
}

// requestsIn are the HTTP requests among some elements and below them.
func requestsIn(items []item) (all []item) {
	for _, i := range items {
		if isRequest(i.tag) {
			all = append(all, i)
		}
		all = append(all, requestsIn(i.below)...)
	}
	return all
}

// tell notes that a look is about the requests among some elements.
func (p *plan) tell(items []item) {
	for _, i := range requestsIn(items) {
		p.told[i.element] = true
	}
}

// lookForLost says which requests of the plan are in nothing that was read: none is lost silently.
func (p *plan) lookForLost(items []item) {
	for _, i := range requestsIn(items) {
		if !p.told[i.element] {
			p.told[i.element] = true
			p.look(i.element, "is in nothing that is read, and left out")
		}
	}
}
