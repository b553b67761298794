package jmeter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/importer"
)

const blindNote = "transaction controllers that were left out, since requests lie within their time, " +
	"and without names of threads it is unknown whose these are: 1"

// endpointsOf is how many requests of each endpoint a file has, and failures.
func endpointsOf(t *testing.T, text string) string {
	t.Helper()
	r, err := importer.Decode(strings.NewReader(text), "file", importer.Options{})
	if err != nil {
		return err.Error()
	}
	var all []string
	for _, e := range r.Endpoints {
		requests, failed := int64(0), int64(0)
		for _, s := range e.Slots {
			requests, failed = requests+s.Requests, failed+s.Failures()
		}
		all = append(all, fmt.Sprintf("%s %d/%d", e.Name, failed, requests))
	}
	return strings.Join(append(all, r.Source.Notes...), ", ")
}

// A controller whose requests are in the file is no request; one that stands for
// them is.
func TestJTLControllers(t *testing.T) {
	const (
		full    = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,URL,IdleTime\n"
		bare    = "timeStamp,elapsed,label,responseCode,threadName,success,URL\n"
		barest  = "timeStamp,elapsed,label,threadName,success\n"
		nobody  = "timeStamp,elapsed,label,responseCode,success,URL\n"
		message = "Number of samples in transaction : %d, number of failing samples : 0"
	)
	row := func(at, took int, label, thread string, holds int) string {
		words, success, url := "OK", "true", "http://h/"
		if holds >= 0 {
			words, url = `"`+fmt.Sprintf(message, holds)+`"`, "null"
		}
		return fmt.Sprintf("%d,%d,%s,200,%s,%s,%s,%s,0\n", 1795514400000+at, took, label, words, thread, success, url)
	}
	at := func(ms int, rest string) string { return fmt.Sprintf("%d,%s\n", 1795514400000+ms, rest) }
	paused := strings.Replace(row(0, 30, "shop", "u", 2), ",0\n", ",60\n", 1)
	const stands = "transaction controllers whose requests are not in it, each counted as one request: 1"
	for _, tt := range []struct{ name, text, want string }{
		{"its requests come before", full + row(0, 10, "a", "u", -1) +
			row(10, 20, "b", "u", -1) + row(0, 30, "shop", "u", 2), "a 0/1, b 0/1"},
		{"its requests come behind", full + row(0, 30, "shop", "u", 2) +
			row(0, 10, "a", "u", -1) + row(10, 20, "b", "u", -1), "a 0/1, b 0/1"},
		{"with pauses", full + row(0, 10, "a", "u", -1) + row(60, 20, "b", "u", -1) + paused, "a 0/1, b 0/1"},
		{"with pauses, sorted", full + paused + row(0, 10, "a", "u", -1) + row(60, 20, "b", "u", -1), "a 0/1, b 0/1"},
		{"with numbers for names", full + row(0, 10, "page-1", "u", -1) + row(0, 10, "shop", "u", 1), "page-1 0/1"},
		{"one in another", full + row(0, 10, "a", "u", -1) + row(0, 10, "in", "u", 1) +
			row(0, 12, "out", "u", 1), "a 0/1"},
		{"of no request", full + row(0, 10, "a", "u", -1) + row(20, 0, "none", "u", 0), "a 0/1"},
		{"another thread's requests", full + row(0, 10, "a", "u", -1) + row(0, 30, "shop", "v", 2),
			"a 0/1, shop 0/1, " + stands},
		{"the next request", full + row(0, 30, "shop", "u", 2) + row(30, 10, "a", "u", -1),
			"a 0/1, shop 0/1, " + stands},
		{"some of its requests", full + row(0, 10, "a", "u", -1) + row(0, 30, "shop", "u", 2),
			`read file as jtl: the transaction "shop" has 2 samples, and 1 of them in the file: clear "Generate ` +
				`parent sample" in it, and save all samples`},
		{"without messages", bare + at(0, "10,a,200,u,true,http://h/a") +
			at(10, "20,b,200,u,true,http://h/b") + at(0, "30,shop,,u,true,null"), "a 0/1, b 0/1"},
		{"a request without address", bare + at(0, "10,a,200,u,true,http://h/a") + at(10, "20,query,200,u,true,null"),
			"a 0/1, query 0/1"},
		{"without messages and addresses", barest + at(0, "10,a,u,true") + at(0, "30,shop,u,true"),
			`read file as jtl: line 3: "shop" lies around other samples of its thread, and nothing says whether it ` +
				`is a transaction controller: save responseMessage, URL and threadName`},
		{"parts without messages and addresses", barest + at(0, "10,a-0,u,true") + at(0, "30,a,u,true"), "a 0/1"},
		{"without messages and threads", nobody + at(0, "10,a,200,true,http://h/a") + at(0, "30,shop,,true,null"),
			"a 0/1, " + blindNote},
		{"without messages and threads, with a code", nobody +
			at(0, "10,a,200,true,http://h/a") + at(0, "30,shop,200,true,null"),
			`read file as jtl: line 3: nothing says whether "shop" is a request or a transaction controller: save ` +
				`responseMessage, URL and threadName`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := endpointsOf(t, tt.text); got != tt.want {
				t.Errorf("it says\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

func TestJTLXMLControllers(t *testing.T) {
	element := func(name string, at, took int, label, more string) string {
		return fmt.Sprintf(`<%s t="%d" ts="%d" s="true" lb="%s" rc="200" %s/>`,
			name, took, 1795514400000+at, label, more)
	}
	const one, thread = `rm="Number of samples in transaction : 1, number of failing samples : 0"`, ` tn="u"`
	for _, tt := range []struct{ name, text, want string }{
		{"behind its request", element("httpSample", 0, 10, "a", thread) +
			element("sample", 0, 10, "shop", one+thread), "a 0/1"},
		{"behind its request, without threads", element("httpSample", 0, 10, "a", "") +
			element("sample", 0, 10, "shop", one), "a 0/1, " + blindNote},
		{"without its request", element("httpSample", 0, 10, "a", thread) +
			element("sample", 10, 10, "shop", one+thread),
			"a 0/1, shop 0/1, transaction controllers whose requests are not in it, each counted as one request: 1"},
		{"many in one", element("httpSample", 0, 10, "a", `sc="50" ec="20"`),
			"read file as jtl-xml: line 1: 50 samples in one row, without the time of each: write mode=Standard into " +
				"jmeter.properties, not Statistical"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := endpointsOf(t, `<testResults version="1.2">`+tt.text+`</testResults>`); got != tt.want {
				t.Errorf("it says\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

// A request that fails in no time, where the one before it ends, is a request, and
// the last of a chain of redirects is a part.
func TestJTLPartsAtTheEdge(t *testing.T) {
	const head = "timeStamp,elapsed,label,threadName,success,URL\n"
	at := func(ms, took int, label string) string {
		return fmt.Sprintf("%d,%d,%s,u,true,http://h/\n", 1795514400000+ms, took, label)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"the next request", at(0, 90, "item") + at(90, 0, "item-1"), "item 0/1, item-1 0/1"},
		{"the request before", at(0, 0, "item-1") + at(0, 90, "item"), "item 0/1, item-1 0/1"},
		{"a redirect", at(0, 90, "L") + at(0, 40, "L-0") + at(40, 50, "L-1"), "L 0/1"},
		{"a redirect before", at(0, 40, "L-0") + at(40, 50, "L-1") + at(0, 90, "L"), "L 0/1"},
		{"a redirect in no time", at(0, 90, "L") + at(0, 0, "L-0") + at(0, 90, "L-1"), "L 0/1"},
		{"to what fails in no time", at(0, 90, "L") + at(0, 90, "L-0") + at(90, 0, "L-1"), "L 0/1"},
		{"before, to what fails in no time", at(0, 90, "L-0") + at(90, 0, "L-1") + at(0, 90, "L"), "L 0/1"},
		{"all in no time", at(0, 0, "L") + at(0, 0, "L-0") + at(0, 0, "L-1"), "L 0/1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := endpointsOf(t, head+tt.text); got != tt.want {
				t.Errorf("it says\n%s, want\n%s", got, tt.want)
			}
		})
	}
}
