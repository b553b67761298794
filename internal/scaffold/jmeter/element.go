package jmeter

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
	"github.com/loadgate/loadgate/internal/scaffold/request"
)

// Bounds of a plan that is read.
const (
	deepest      = 100
	mostElements = 200_000
)

// element is an element of XML, with the line that it begins in.
type element struct {
	tag   string
	attrs map[string]string
	text  string
	kids  []*element
	line  int
}

// item is an element of a test plan, with those below it.
type item struct {
	*element
	below []item
}

// readPlan reads a plan as the elements of its tree, and that tree with what is switched off.
func readPlan(src []byte) (items []item, tree *element, err error) {
	root, err := readXML(src)
	if err != nil {
		return nil, nil, err
	}
	if root.tag != "jmeterTestPlan" || len(root.kids) == 0 {
		return nil, nil, fmt.Errorf("it is no test plan of JMeter, but <%s>: give the .jmx file", naming.Line(root.tag))
	}
	tree = root.kids[0]
	items = itemsOf(tree)
	return items, tree, followModules(items, tree)
}

// itemsOf are the elements of a tree: each is followed by the tree of what is below it.
func itemsOf(tree *element) (all []item) {
	for i := 0; i < len(tree.kids); i++ {
		one := item{element: tree.kids[i]}
		if one.tag == "hashTree" {
			continue // of nothing
		}
		if i+1 < len(tree.kids) && tree.kids[i+1].tag == "hashTree" {
			i++
			if one.enabled() {
				one.below = itemsOf(tree.kids[i])
			}
		}
		if one.enabled() {
			all = append(all, one)
		}
	}
	return all
}

// enabled says whether an element is switched on, as it is where nothing is said.
func (e *element) enabled() bool { return e.attrs["enabled"] != "false" }

// name is what the plan calls an element; empty where that may be a secret.
func (e *element) name() string {
	name := strings.TrimSpace(e.attrs["testname"])
	if request.HoldsSecret(name) {
		return ""
	}
	return name
}

// prop is a property of an element; empty: it has none.
func (e *element) prop(name string) string {
	if p := e.child(name); p != nil {
		return strings.TrimSpace(p.text)
	}
	return ""
}

// child is a property with parts; nil: there is none.
func (e *element) child(name string) *element {
	for _, k := range e.kids {
		if k.attrs["name"] == name {
			return k
		}
	}
	return nil
}

// parts are those of a property that holds several.
func (e *element) parts(names ...string) []*element {
	for _, name := range names {
		if e = e.child(name); e == nil {
			return nil
		}
	}
	return e.kids
}

// readXML reads a document of XML, to a limit of depth and size.
func readXML(src []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToUpper(charset), "UTF-16") {
			return in, nil // it was brought to UTF-8 before
		}
		return nil, fmt.Errorf("its encoding is %s: save it as UTF-8", naming.Line(charset))
	}
	root := &element{}
	open := []*element{root}
	for count := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, wrongXML(err, line)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if count++; count > mostElements || len(open) > deepest {
				return nil, errors.New("it has more elements than a plan has, or they are nested too deep")
			}
			e := &element{tag: t.Name.Local, attrs: map[string]string{}, line: line}
			for _, a := range t.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			last := open[len(open)-1]
			last.kids = append(last.kids, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			open[len(open)-1].text += string(t)
		}
	}
	if len(root.kids) != 1 {
		return nil, errors.New("it is not XML")
	}
	return root.kids[0], nil
}

// wrongXML says where a text stops being XML.
func wrongXML(err error, line int) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("line %d is not XML (%s)", syntax.Line, naming.Line(syntax.Msg))
	}
	if strings.Contains(err.Error(), "its encoding is ") {
		_, what, _ := strings.Cut(err.Error(), "its encoding is ")
		return errors.New("its encoding is " + what)
	}
	return fmt.Errorf("line %d is not XML", line)
}
