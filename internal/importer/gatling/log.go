// Package gatling reads Gatling's simulation.log, and the figures of its report.
package gatling

import (
	"bufio"
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// Gatling wrote its simulation.log as text up to 3.12: fields separated by tabs,
// REQUEST lines with groups, name, begin and end in milliseconds, OK or KO, and
// a message; the fields before the name differ between versions. Before 2.2
// there are four times, of which the middle ones are when the request was sent and
// the answer began, and in 2.0 the scenario comes before REQUEST. Since
// 3.13 the log is a binary of one version only.

func sniffLog(head string) bool {
	return strings.HasPrefix(head, "RUN\t") || strings.HasPrefix(head, "ASSERTION\t") ||
		strings.Contains(head, "\nREQUEST\t") ||
		strings.HasPrefix(head, "REQUEST\t") || oldRequest.MatchString(head) || isBinary(head)
}

// oldRequest is a line of version 2.0, and timeField a time in one.
var (
	oldRequest = regexp.MustCompile(`(?m)^[^\t\n]+\t\d+\tREQUEST\t`)
	timeField  = regexp.MustCompile(`^\d{13}$`)
)

// binaryHead is how a binary log begins: a record of kind 0, and the version with
// its length.
var binaryHead = regexp.MustCompile(`^\x00[\x00-\x1f]{1,8}\d+\.\d+\.`)

// isBinary reports whether only its own version of Gatling reads a log.
func isBinary(head string) bool { return binaryHead.MatchString(head) }

func readLog(in *bufio.Reader, s *collect.Samples) error {
	if isBinary(textfile.Head(in)) {
		return fmt.Errorf("line 1: it is a binary that only its own version of Gatling reads; let Gatling 3.12 or " +
			"older write it, or give js/stats.json")
	}
	var tail lastRecord
	return textfile.EachCompleteLine(in, tail.complete, func(line []byte) error {
		if !bytes.HasPrefix(line, []byte("REQUEST\t")) && !oldRequest.Match(line) {
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
		tail.fields, tail.before = len(fields), tail.fields
		from := at - 2
		if at >= 5 && timeField.MatchString(fields[at-3]) && timeField.MatchString(fields[at-4]) {
			from = at - 4
		}
		begun, err := numeral.Milliseconds("", fields[from])
		if err != nil {
			return err
		}
		ended, err := numeral.Milliseconds("", fields[at-1])
		if err != nil {
			return err
		}
		x := collect.Sample{Label: fields[from-1], Ended: time.UnixMilli(ended),
			Latency: time.Duration(ended-begun) * time.Millisecond}
		if fields[at] == "KO" {
			words := ""
			if at+1 < len(fields) {
				words = fields[at+1]
			}
			x.Status = status(words)
			x.Fail(words)
		}
		return s.Add(x)
	})
}

// lastRecord knows what the last line of a log should look like.
type lastRecord struct{ fields, before int } // of the last request and of the one before; 0: there is none

// complete reports whether a last line without a newline has all of its fields.
func (g *lastRecord) complete(line []byte) bool {
	fields := strings.Split(string(line), "\t")
	kind := fields[0]
	if len(fields) > 2 && (fields[2] == "REQUEST" || fields[2] == "USER" || fields[2] == "GROUP") { // of version 2.0
		kind = fields[2]
	}
	end := strings.TrimSpace(fields[len(fields)-1])
	switch kind {
	case "REQUEST":
		return g.fields >= g.before
	case "USER", "ERROR":
		return timeField.MatchString(end)
	case "GROUP":
		return end == "OK" || end == "KO"
	}
	return kind == "RUN" || kind == "ASSERTION"
}

// status is the status in a message such as "status.find.in(200), but
// actually found 503"; 0: none.
func status(words string) int {
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
