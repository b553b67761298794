package htmlpage

import (
	"bytes"
	"encoding/json"
)

// charts are all charts of a page, in their order there.
type charts []Chart

func (d Document) charts() charts {
	var all charts
	for _, p := range d.parts() {
		all = append(all, p.Charts...)
		if p.Panel != nil {
			all = append(all, p.Panel.Charts...)
		}
	}
	return all
}

// script is the data of the charts.
func (c charts) script() (string, error) {
	if c == nil {
		c = charts{}
	}
	for i := range c {
		c[i] = c[i].drawable()
	}
	return inScript(c)
}

// picks are the choices of a page, in their order there.
func (d Document) picks() []Pick {
	var all []Pick
	for _, p := range d.parts() {
		if p.Pick != nil {
			all = append(all, *p.Pick)
		}
	}
	return all
}

// asks says whether a page has a form.
func (d Document) asks() bool {
	for _, p := range d.parts() {
		if p.Form != nil {
			return true
		}
	}
	return false
}

func (d Document) parts() []Part {
	var all []Part
	for _, s := range d.Sections {
		all = append(all, s.Parts...)
	}
	return all
}

// pickScript is the data of the choices, as that of the charts.
func (d Document) pickScript() (string, error) { return inScript(d.picks()) }

// inScript is a value as text that cannot end a script element: the encoder writes <, > and & as escapes.
func inScript(v any) (string, error) {
	var b bytes.Buffer
	err := json.NewEncoder(&b).Encode(v)
	return b.String(), err
}
