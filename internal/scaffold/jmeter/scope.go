package jmeter

import (
	"maps"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/draft"
	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/node"
)

// scope is what holds for the requests at a place of the plan.
type scope struct {
	defaults   map[string]string // of HTTPSampler.…
	arguments  []*element        // of the defaults
	headers    []item
	timers     []item
	checks     []item // assertions
	extractors []item
}

// config is a scope with what stands at a place of the plan, before it is used anywhere there.
func (p *plan) config(items []item, s scope, g *group) scope {
	s.defaults = maps.Clone(s.defaults)
	if s.defaults == nil {
		s.defaults = map[string]string{}
	}
	s.headers, s.timers = slices.Clip(s.headers), slices.Clip(s.timers)
	s.checks, s.extractors = slices.Clip(s.checks), slices.Clip(s.extractors)
	for _, i := range items { // values refer to variables that follow
		switch i.tag {
		case "Arguments":
			p.variables(i.parts("Arguments.arguments"))
		case "CSVDataSet":
			p.table(i)
		}
	}
	for _, i := range items {
		switch {
		case i.tag == "ConfigTestElement":
			for _, k := range i.kids {
				if name := k.attrs["name"]; strings.HasPrefix(name, "HTTPSampler.") && strings.TrimSpace(k.text) != "" {
					s.defaults[name] = strings.TrimSpace(k.text)
				}
			}
			s.arguments = append(slices.Clip(s.arguments), i.parts("HTTPsampler.Arguments", "Arguments.arguments")...)
		case i.tag == "HeaderManager":
			s.headers = append(s.headers, i)
		case i.tag == "AuthManager":
			p.auth(i, g)
		case i.tag == "CookieManager":
			if len(i.parts("CookieManager.cookies")) > 0 {
				p.look(i.element, "sets cookies of its own, which are left out")
			}
		case strings.HasSuffix(i.tag, "Timer"):
			s.timers = append(s.timers, i)
		case strings.HasSuffix(i.tag, "Assertion"):
			s.checks = append(s.checks, i)
		case isExtractor(i.tag):
			s.extractors = append(s.extractors, i)
		case isSilent(i.tag), len(requestsIn(i.below)) > 0: // which are said where they are read
		default:
			p.look(i.element, "is not read, and left out")
		}
	}
	return s
}

func isExtractor(tag string) bool {
	return strings.HasSuffix(tag, "PostProcessor") || strings.HasSuffix(tag, "Extractor")
}

var silentEnd = regexp.MustCompile(`(Controller|Sampler|SamplerProxy|ThreadGroup|Visualizer|Gui)$`)

// isSilent says whether an element is read elsewhere, or changes nothing that is sent.
func isSilent(tag string) bool {
	return slices.Contains([]string{"Arguments", "CSVDataSet", "ResultCollector", "ThreadGroup", "SetupThreadGroup",
		"PostThreadGroup", "TestFragmentController", "TestAction", "InterleaveControl", "Summariser"}, tag) ||
		tag == "HTTPSampler2" || tag == "BackendListener" || silentEnd.MatchString(tag)
}

// table is a CSV file whose columns are variables.
func (p *plan) table(i item) {
	file := strings.ReplaceAll(i.prop("filename"), `\`, "/")
	resolved, problem := p.names.template(file)
	base := path.Base(resolved)
	if problem != "" || strings.Contains(resolved, "${") || !strings.HasSuffix(strings.ToLower(base), ".csv") {
		p.look(i.element, "is left out: its file is no .csv file with a name that is read")
		return
	}
	name := draft.UnusedName(strings.TrimSuffix(base, path.Ext(base)), func(n string) bool {
		return slices.ContainsFunc(p.draft.Data, func(d draft.Table) bool { return d.Name == n })
	})
	columns := strings.FieldsFunc(i.prop("variableNames"),
		func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
	look := p.about(i.element, "reads "+naming.Line(resolved)+": put it beside this file")
	for n, c := range columns {
		columns[n] = strings.TrimSpace(c)
		if columnName.MatchString(columns[n]) {
			p.names.columns[columns[n]] = name + "." + columns[n]
		}
	}
	if len(columns) == 0 {
		p.names.unnamed = name
	} else {
		look += ", with the first line " + naming.Line(strings.Join(columns, ","))
	}
	if d := i.prop("delimiter"); d != "" && d != "," {
		look += "; its values are parted by " + strconv.Quote(naming.Line(d)) + ": loadgate reads commas"
	}
	p.draft.Data = append(p.draft.Data, draft.Table{Name: name, File: base, Pick: "next", Looks: []string{look}})
}

// auth is the name and the password of a service, for the whole group.
func (p *plan) auth(i item, g *group) {
	list := i.parts("AuthManager.auth_list")
	if len(list) != 1 || g == nil {
		p.look(i.element, "is not read: write auth")
		return
	}
	name, problem := p.names.template(list[0].prop("Authorization.username"))
	if problem != "" {
		p.look(i.element, "is not read: write auth")
		return
	}
	variable := p.draft.SecretOf("password", list[0].prop("Authorization.password"))
	g.group.Look("set " + variable + ": the password is not here")
	basic, m := node.Map(), node.Map()
	node.Set(basic, "username", node.Text(name))
	node.Set(basic, "password", node.Text(p.draft.Secret(variable)))
	node.Set(m, "basic", basic)
	g.group.Auth = m
}

// pause is the pause of timers before a request.
func (g *group) pause(timers []item) (sum extent) {
	for _, t := range timers {
		delay, ok := g.milliseconds(t, "ConstantTimer.delay")
		spread, okToo := g.milliseconds(t, "RandomTimer.range")
		switch {
		case t.tag == "ConstantTimer" && ok:
			spread = 0
		case t.tag == "UniformRandomTimer" && ok && okToo:
		case t.tag == "GaussianRandomTimer" && ok && okToo:
			g.group.Look(g.about(t.element,
				"is drawn from a normal distribution: wait is drawn evenly, with its mean and deviation"))
			half := min(math.Sqrt(3)*spread, delay)
			delay, spread = delay-half, 2*half
		default:
			g.group.Look(g.about(t.element, "is not read: write wait"))
			continue
		}
		sum.least, sum.most = sum.least+delay, sum.most+delay+spread
	}
	return sum
}

func (g *group) milliseconds(t item, prop string) (float64, bool) {
	text, _ := g.names.number(t.prop(prop))
	ms, err := strconv.ParseFloat(text, 64)
	return ms, err == nil && ms >= 0 && ms <= 86_400_000
}
