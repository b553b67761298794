package httpbench

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// ApacheBench prints text about one address, with times in whole milliseconds. Its failed
// requests had no complete answer, or one of another length than the first; answers that
// are not 2xx are counted separately, and may be among the latter.

var (
	abLine = regexp.MustCompile(`^(Server Hostname|Server Port|Document Path|Time taken for tests|Complete requests|` +
		`Failed requests|Non-2xx responses|SSL/TLS Protocol|Total body sent):\s*(\S*)`)
	abCauses  = regexp.MustCompile(`\(Connect: (\d+), (?:Receive: (\d+), )?Length: (\d+), Exceptions: (\d+)\)`)
	abPercent = regexp.MustCompile(`^\s*(\d+)%\s+(\d+)(?:\s|$)`)
	abEnd     = regexp.MustCompile(`\(longest request\)$`) // of the last line
	abTotal   = regexp.MustCompile(`^Total:\s+(\d+)\s+(\d+)\s+[0-9.]+\s+\d+\s+(\d+)\s*$`)
)

func sniffAB(head string) bool {
	return strings.HasPrefix(head, "This is ApacheBench") ||
		strings.Contains(head, "\nComplete requests:") || strings.Contains(head, "\nDocument Path:")
}

func readAB(in *bufio.Reader, f *collect.Figures) error {
	fields := map[string]string{}
	var causes [4]int64
	s := &result.Summary{}
	millis := collect.Times{Unit: time.Millisecond, Step: time.Millisecond}
	err := textfile.EachCompleteLine(in, abEnd.Match, func(line []byte) error {
		if m := abLine.FindSubmatch(line); m != nil {
			name := string(m[1])
			if _, again := fields[name]; again {
				return errors.New("a second run: give each run a file of its own")
			}
			fields[name] = string(m[2])
		} else if m := abCauses.FindSubmatch(line); m != nil {
			for i := range causes {
				causes[i], _ = strconv.ParseInt(string(m[i+1]), 10, 50) // Receive is not in older versions
			}
		} else if m := abPercent.FindSubmatch(line); m != nil {
			percent, err := numeral.Number(string(m[1]))
			if err != nil || !(percent > 0 && percent < 100) {
				return err
			}
			ms, err := numeral.Number(string(m[2]))
			if err != nil {
				return err
			}
			return millis.AddQuantile(s, percent/100, numeral.Some(ms))
		} else if m := abTotal.FindSubmatch(line); m != nil {
			var ms [3]numeral.Optional
			for i := range ms {
				v, err := numeral.Number(string(m[i+1]))
				if err != nil {
					return err
				}
				ms[i] = numeral.Some(v)
			}
			return millis.SetExtremes(s, ms[0], ms[1], ms[2])
		}
		return nil
	})
	if err != nil {
		return err
	}
	var numbers [3]int64
	for i, name := range []string{"Complete requests", "Failed requests", "Non-2xx responses"} {
		text, ok := fields[name]
		if !ok && i == 2 { // not printed where there are none
			continue
		}
		if numbers[i], err = strconv.ParseInt(text, 10, 50); err != nil {
			return fmt.Errorf("it was cut, or is another's: %s is %q", name, text)
		}
	}
	seconds, _ := numeral.Number(fields["Time taken for tests"]) // absent: unknown
	if length, ok := collect.RunLength(seconds, time.Second); ok {
		f.Ran(time.Time{}, length)
	}
	method := "GET"
	if _, ok := fields["Total body sent"]; ok { // POST or PUT
		method = ""
	}
	return abCounts{causes, numbers[0], numbers[1], numbers[2]}.add(f, method, abAddress(fields), s)
}

// abCounts are requests that were completed, those that failed, in all and by
// cause, and answers that are not 2xx.
type abCounts struct {
	causes                [4]int64 // connect, receive, length, exceptions
	complete, failed, bad int64
}

func (c abCounts) add(f *collect.Figures, method, address string, s *result.Summary) error {
	connect, receive, length, exceptions := c.causes[0], c.causes[1], c.causes[2], c.causes[3]
	length = max(length, c.failed-connect-receive-exceptions) // older versions do not separate them
	answered := max(length, c.bad)                            // an answer may be of both
	f.Fail("", method, address, connect, 0, "connect refused")
	f.Fail("", method, address, receive, 0, "receive reset")
	f.Fail("", method, address, exceptions, 0, "exceptions")
	f.FailAnswered("", method, address, c.bad, "not 2xx")
	f.Fail("", method, address, answered-c.bad, 200, "another length than the first answer: ab -l allows it")
	s.Requests, s.Latencies = c.complete+connect, c.complete
	failed := min(connect+receive+exceptions+answered, s.Requests)
	s.Failed = &failed
	return f.Add("", method, address, s)
}

// abAddress is the address, which is printed in parts.
func abAddress(fields map[string]string) string {
	scheme, port := "http", fields["Server Port"]
	if _, ok := fields["SSL/TLS Protocol"]; ok {
		scheme = "https"
	}
	host := fields["Server Hostname"]
	if port != "" && !(scheme == "http" && port == "80") && !(scheme == "https" && port == "443") {
		host += ":" + port
	}
	return scheme + "://" + host + fields["Document Path"]
}
