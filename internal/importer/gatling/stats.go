package gatling

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// Up to 3.13.4 Gatling's report has js/stats.json, and the same as a script in
// js/stats.js: a tree of figures in whole milliseconds, for requests that
// succeeded and for those that failed, without the names of its percentiles, which
// gatling.conf may change: they are taken for 50, 75, 95 and 99, and where there
// are two, as versions before 2.1 have them, for 95 and 99. js/global_stats.json
// has the figures of all requests alone.

// node is one of the tree: a group of others, or a request.
type node struct {
	Type     string
	Name     string
	Path     string // with those of the groups around it
	Contents map[string]node
	Stats    map[string]json.RawMessage
}

// figure is one figure; "-" is none.
type figure struct {
	Total number `json:"total"`
	OK    number `json:"ok"`
	KO    number `json:"ko"`
}

func sniffStats(head string) bool {
	return collect.HasKeys(`"GROUP"`, `"stats"`)(head) ||
		collect.HasKeys(`"numberOfRequests"`, `"percentiles1"`)(head) ||
		script.MatchString(head)
}

var (
	script = regexp.MustCompile(`^\s*(?:var|let|const) stats\s*=\s*\{`)
	key    = regexp.MustCompile(`^[A-Za-z_]\w*\s*:`)
)

func readStats(in *bufio.Reader, f *collect.Figures) error {
	if script.MatchString(textfile.Head(in)) {
		text, err := scriptObject(in)
		if err != nil {
			return err
		}
		in = bufio.NewReader(bytes.NewReader(text))
	}
	var root struct {
		node
		Requests json.RawMessage `json:"numberOfRequests"` // of global_stats.json
	}
	var all map[string]json.RawMessage
	text, err := io.ReadAll(io.LimitReader(in, textfile.LargestDocument))
	if err == nil {
		err = textfile.DecodeJSON(bufio.NewReader(bytes.NewReader(text)), &root)
	}
	if err != nil {
		return err
	}
	if root.Requests != nil {
		if err := json.Unmarshal(text, &all); err != nil {
			return err
		}
		root.node = node{Type: "GROUP", Stats: all}
	}
	names := map[string]int{}
	root.count(names)
	if err := root.walk(f, names); err != nil {
		return err
	}
	s, err := root.summary(f)
	if err == nil && s != nil {
		root.duration(f)
		f.AddTotal(s)
	}
	return err
}

// scriptObject is the first object of a script, as JSON: keys that are words
// get their quotes.
func scriptObject(in io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(in, textfile.LargestDocument))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	depth, quoted := 0, false
	for i := bytes.IndexByte(text, '{'); i >= 0 && i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\' && i+1 < len(text):
			out.WriteByte(c)
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			depth--
		default:
			if key := key.Find(text[i:min(len(text), i+60)]); key != nil {
				out.WriteString(strconv.Quote(strings.TrimSpace(string(key[:len(key)-1]))) + ":")
				i += len(key) - 1
				continue
			}
		}
		out.WriteByte(text[i])
		if depth == 0 {
			return out.Bytes(), nil
		}
	}
	return nil, errors.New("it was cut: its braces do not match")
}

// count counts the names of requests.
func (n node) count(names map[string]int) {
	for _, inner := range textfile.ByKey(n.Contents) {
		inner.count(names)
	}
	if n.Type == "REQUEST" {
		names[n.Name]++
	}
}

// walk takes the requests, by their names, or their paths where groups have
// requests of one name.
func (n node) walk(f *collect.Figures, names map[string]int) error {
	for _, inner := range textfile.ByKey(n.Contents) {
		if err := inner.walk(f, names); err != nil {
			return err
		}
	}
	if n.Type != "REQUEST" {
		return nil
	}
	s, err := n.summary(f)
	if s == nil {
		return err
	}
	name := n.Name
	if names[name] > 1 && n.Path != "" {
		name = n.Path
	}
	return f.Add(name, "", "", s)
}

// percentiles are what the figures percentiles1 and so on are taken for,
// by how many there are.
func (n node) percentiles() []float64 {
	if _, ok := n.Stats["percentiles3"]; ok {
		return []float64{0.50, 0.75, 0.95, 0.99}
	}
	return []float64{0.95, 0.99}
}

// summary is the figures of a node; nil: it has none.
func (n node) summary(f *collect.Figures) (*result.Summary, error) {
	counts, ok := n.figure("numberOfRequests")
	if raw := n.Stats["numberOfRequests"]; !ok && raw != nil {
		return nil, fmt.Errorf("%s: numberOfRequests: %w", n.Name, json.Unmarshal(raw, &counts))
	}
	total, totalErr := numeral.ToCount(counts.Total.value)
	good, goodErr := numeral.ToCount(counts.OK.value)
	failed, failedErr := numeral.ToCount(counts.KO.value)
	if err := errors.Join(totalErr, goodErr, failedErr); err != nil {
		return nil, fmt.Errorf("%s: numberOfRequests: %w", n.Name, err)
	}
	if total == 0 {
		return nil, nil
	}
	s := collect.NewSummary(total, failed)
	switch s.Latencies = good; {
	case !counts.KO.ok && !counts.OK.ok:
		s.Failed = nil
	case !counts.KO.ok:
		failed = total - good
	case !counts.OK.ok:
		good = total - failed
	}
	if s.Failed != nil {
		if err := f.SetOutcomes(s, n.Name+": numberOfRequests", good, failed); err != nil {
			return nil, err
		}
	}
	millis := collect.Times{Unit: time.Millisecond, Step: time.Millisecond}
	for i, q := range n.percentiles() {
		if err := millis.AddQuantile(s, q, n.time(fmt.Sprintf("percentiles%d", i+1))); err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name, err)
		}
	}
	err := millis.SetExtremes(s, n.time("minResponseTime"), n.time("meanResponseTime"), n.time("maxResponseTime"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.Name, err)
	}
	return s, nil
}

// duration is how long it took, by the number of requests and their rate.
func (n node) duration(f *collect.Figures) {
	counts, _ := n.figure("numberOfRequests")
	rate, ok := n.figure("meanNumberOfRequestsPerSecond")
	if a := rate.Total.rate(counts.Total); ok && a > 0 && counts.Total.value < 1<<50 {
		f.RanAtRate(int64(counts.Total.value), a)
	}
}

func (n node) figure(name string) (figure, bool) {
	var v figure
	err := json.Unmarshal(n.Stats[name], &v)
	return v, err == nil
}

// time is a figure of the requests that succeeded.
func (n node) time(name string) numeral.Optional {
	v, ok := n.figure(name)
	return numeral.Optional{Value: v.OK.value, OK: ok && v.OK.ok}
}
