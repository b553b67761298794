package importer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Gatling wrote its simulation.log as text up to 3.12: fields apart by tabs,
// REQUEST lines with groups, name, begin and end in milliseconds, OK or KO, and
// a message; what stands in front of the name differs between versions. Since
// 3.13 the log is a binary of one version only. Up to 3.13.4 the report has
// js/stats.json: a tree of figures in whole milliseconds, for requests that
// succeeded and failed apart, without the names of its percentiles, which
// gatling.conf may change: they are taken for 50, 75, 95 and 99.

func sniffGatlingLog(head string) bool {
	return strings.HasPrefix(head, "RUN\t") || strings.HasPrefix(head, "ASSERTION\t") || strings.Contains(head, "\nREQUEST\t") ||
		strings.HasPrefix(head, "REQUEST\t") || gatlingBinary(head)
}

// gatlingRun is how a binary log begins: a record of kind 0, and the version with
// its length.
var gatlingRun = regexp.MustCompile(`^\x00[\x00-\x1f]{1,8}\d+\.\d+\.`)

// gatlingBinary says whether a log is one that only its own version reads.
func gatlingBinary(head string) bool { return gatlingRun.MatchString(head) }

func readGatlingLog(in *bufio.Reader, s *samples) error {
	if head, _ := in.Peek(headSize); gatlingBinary(string(head)) {
		return fmt.Errorf("line 1: it is a binary that only its own version of Gatling reads; let Gatling 3.12 or older write it, or give js/stats.json")
	}
	return eachLine(in, func(line []byte) error {
		if !bytes.HasPrefix(line, []byte("REQUEST\t")) {
			return nil
		}
		fields := strings.Split(string(line), "\t")
		at := 0 // of OK or KO
		for i := 3; i < len(fields); i++ {
			if fields[i] == "OK" || fields[i] == "KO" {
				at = i
				break
			}
		}
		if at == 0 {
			return fmt.Errorf("a request without OK or KO")
		}
		begun, err := strconv.ParseInt(fields[at-2], 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no number of milliseconds", fields[at-2])
		}
		ended, err := strconv.ParseInt(fields[at-1], 10, 64)
		if err != nil {
			return fmt.Errorf("%q is no number of milliseconds", fields[at-1])
		}
		x := sample{label: fields[at-3], ended: time.UnixMilli(ended), latency: time.Duration(ended-begun) * time.Millisecond}
		if fields[at] == "KO" {
			words := ""
			if at+1 < len(fields) {
				words = fields[at+1]
			}
			x.status = gatlingStatus(words)
			x.failure, x.detail = kindOfFailure(x.status, words), detailOf(x.status, words)
		}
		return s.add(x)
	})
}

// gatlingStatus is the status in a message such as "status.find.in(200), but
// actually found 503"; 0: none.
func gatlingStatus(words string) int {
	_, found, ok := strings.Cut(words, "actually found ")
	if !ok || !strings.HasPrefix(words, "status.") {
		return 0
	}
	status, err := strconv.Atoi(strings.TrimSpace(found))
	if err != nil || status < 100 || status > 599 {
		return 0
	}
	return status
}

// gatlingNode is one of the tree: a group of others, or a request.
type gatlingNode struct {
	Type     string
	Name     string
	Contents map[string]gatlingNode
	Stats    map[string]json.RawMessage
}

// gatlingFigure is one figure; "-" is none.
type gatlingFigure struct{ Total, OK, KO gatlingNumber }

type gatlingNumber struct {
	value float64
	known bool
}

// UnmarshalJSON reads 12, "12", "12.5" and "-".
func (n *gatlingNumber) UnmarshalJSON(text []byte) error {
	bare := strings.Trim(string(text), `"`)
	if bare == "-" || bare == "null" {
		return nil
	}
	value, err := strconv.ParseFloat(bare, 64)
	n.value, n.known = value, true
	return err
}

func readGatlingStats(in *bufio.Reader, f *figures) error {
	var root gatlingNode
	if err := whole(in, &root); err != nil {
		return err
	}
	return root.walk(f)
}

func (n gatlingNode) walk(f *figures) error {
	for _, inner := range n.Contents {
		if err := inner.walk(f); err != nil {
			return err
		}
	}
	if n.Type != "REQUEST" {
		if n.Name == "Global Information" {
			n.duration(f)
		}
		return nil
	}
	counts, ok := n.figure("numberOfRequests")
	if !ok || !(counts.Total.value >= 1 && counts.Total.value < 1<<50) {
		return nil
	}
	failed := int64(max(counts.KO.value, 0))
	s := withCounts(int64(counts.Total.value), failed)
	s.Latencies = int64(max(counts.OK.value, 0))
	for _, p := range []struct {
		name string
		q    float64
	}{{"percentiles1", 0.50}, {"percentiles2", 0.75}, {"percentiles3", 0.95}, {"percentiles4", 0.99}} {
		if v, ok := n.figure(p.name); ok && v.OK.known {
			d, err := inMS(v.OK.value)
			if err != nil {
				return fmt.Errorf("%s: %w", n.Name, err)
			}
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: p.q, Reading: rounded(d, time.Millisecond)})
		}
	}
	for _, one := range []struct {
		name string
		into **result.Reading
	}{{"minResponseTime", &s.Min}, {"maxResponseTime", &s.Max}, {"meanResponseTime", &s.Mean}} {
		if v, ok := n.figure(one.name); ok && v.OK.known {
			d, err := inMS(v.OK.value)
			if err != nil {
				return fmt.Errorf("%s: %w", n.Name, err)
			}
			reading := rounded(d, time.Millisecond)
			*one.into = &reading
		}
	}
	return f.add(n.Name, "", "", s)
}

// duration is how long it took, by the number of requests and their rate.
func (n gatlingNode) duration(f *figures) {
	counts, _ := n.figure("numberOfRequests")
	if rate, ok := n.figure("meanNumberOfRequestsPerSecond"); ok && rate.Total.value > 0 && counts.Total.value < 1<<50 {
		f.lasted(time.Time{}, min(span(int64(counts.Total.value), rate.Total.value), longestFile))
	}
}

func (n gatlingNode) figure(name string) (gatlingFigure, bool) {
	var v gatlingFigure
	err := json.Unmarshal(n.Stats[name], &v)
	return v, err == nil
}
