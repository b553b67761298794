package jmeter

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/collect"
)

// JMeter's JTL as XML: httpSample and sample elements with the attributes t
// (elapsed, ms), ts (begin, ms), s (success), lb (label), rc (status). A sample
// over others is a transaction controller, whose requests are the inner ones, or
// stand before it; an
// httpSample over others is a page with what it drew in, which is one request, as
// its subsamples in CSV are.

func sniffJTLXML(head string) bool { return strings.Contains(head, "<testResults") }

func readJTLXML(in *bufio.Reader, s *collect.Samples) error {
	decoder := xml.NewDecoder(in)
	decoder.CharsetReader = charset.ForXML
	controllers, odd := newControllers(s), int64(0)
	type open struct {
		odd    bool
		x      collect.Sample
		taken  bool // a request of its own
		inner  bool // within one
		failed string
		thread string
		holds  int // requests, where it is a controller; -1: it is none
	}
	var stack []open
	foreign, before := "", s.Count() // the first element that is not a sample
	text := ""
	at := func(err error) error {
		line, _ := decoder.InputPos()
		return fmt.Errorf("line %d: %w", line, err)
	}
	ended := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return at(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			text = ""
			if !jtlSamples[t.Name.Local] {
				if foreign == "" && !jtlAround[t.Name.Local] && len(stack) == 0 {
					foreign = t.Name.Local
				}
				continue
			}
			t = jtlRenamed(t)
			one := open{taken: true}
			if n := len(stack); n > 0 {
				outer := stack[n-1]
				one.inner = outer.inner ||
					t.Name.Local == "httpSample" && outer.x.Method == "httpSample" && outer.holds < 0
				if !one.inner {
					stack[n-1].taken = false
				}
			}
			if one.x, err = jtlElement(t); err != nil {
				return at(err)
			}
			if n := attributeOf(t, "sc"); n != "" && n != "1" {
				return at(manySamples(n))
			}
			one.odd, one.thread, one.holds = isOdd(one.x, attributeOf(t, "rc")), attributeOf(t, "tn"), -1
			if n, ok := holds(attributeOf(t, "rm")); ok {
				one.holds = n
			}
			stack = append(stack, one)
		case xml.CharData:
			if len(text) < 1000 {
				text += string(t)
			}
		case xml.EndElement:
			n := len(stack) - 1
			switch {
			case t.Name.Local == "testResults":
				ended = true
			case n < 0:
			case t.Name.Local == "failureMessage" && stack[n].failed == "":
				stack[n].failed = strings.TrimSpace(text)
			case t.Name.Local == "java.net.URL":
				stack[n].x.Address = strings.TrimSpace(text)
			case jtlSamples[t.Name.Local]:
				one := stack[n]
				stack = stack[:n]
				if !one.taken || one.inner {
					continue
				}
				one.x.Method = ""
				controllers.blind = one.thread == ""
				if one.holds >= 0 {
					if err := controllers.controller(one.thread, one.x, one.holds, 0); err != nil {
						return at(err)
					}
					continue
				}
				if err := controllers.request(one.thread, one.x); err != nil {
					return at(err)
				}
				if one.odd {
					odd++
				}
				if one.x.Failure != 0 && one.failed != "" {
					one.x.Detail = collect.DetailOf(one.x.Status, one.failed)
				}
				if err := s.Add(one.x); err != nil {
					return at(err)
				}
			}
		}
	}
	if !ended {
		return at(errors.New("the file was cut: </testResults> is missing"))
	}
	if s.Count() == before && foreign != "" {
		return fmt.Errorf("its elements are <%.40s>, none is <httpSample> or <sample>: give what jmeter -l wrote",
			charset.Readable(foreign))
	}
	controllers.note()
	noteOdd(s, odd)
	return nil
}

// jtlSamples are the elements of samples; the last one is of versions before 2.1.
var jtlSamples = map[string]bool{"httpSample": true, "sample": true, "sampleResult": true}

// jtlAround are the elements around them.
var jtlAround = map[string]bool{"testResults": true}

// jtlNames are the attributes of a sampleResult by their later names.
var jtlNames = map[string]string{
	"timeStamp": "ts", "time": "t", "label": "lb", "responseCode": "rc", "responseMessage": "rm", "threadName": "tn",
	"success": "s", "dataType": "dt",
}

// jtlRenamed is an element of a sample by its later name.
func jtlRenamed(t xml.StartElement) xml.StartElement {
	if t.Name.Local != "sampleResult" {
		return t
	}
	t.Name.Local = "httpSample"
	for i, a := range t.Attr {
		if name, ok := jtlNames[a.Name.Local]; ok {
			t.Attr[i].Name.Local = name
		}
	}
	return t
}

// attributeOf is an attribute; empty: it has none of the name.
func attributeOf(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// jtlElement reads the attributes of a sample; its method is the name of the
// element, until it is taken.
func jtlElement(t xml.StartElement) (collect.Sample, error) {
	attributes := map[string]string{}
	for _, a := range t.Attr {
		attributes[a.Name.Local] = a.Value
	}
	x, err := xmlFields.sample(func(name string) string { return attributes[name] })
	if err != nil {
		return x, err
	}
	x.Label, x.Method = attributes["lb"], t.Name.Local
	switch attributes["s"] {
	case "true":
	case "false":
		words := attributes["rc"] + " " + attributes["rm"]
		x.Fail(words)
	default:
		return collect.Sample{}, fmt.Errorf("s %q is neither true nor false", attributes["s"])
	}
	return x, nil
}
