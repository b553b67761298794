package importer

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/metric"
)

// JMeter's JTL as CSV: the head says which columns there are; without one they
// are those of JMeter's own settings. timeStamp is when
// a sample began, in milliseconds; elapsed is the whole of it. A transaction
// controller is a sample of its own over its children: it is left out, since its
// requests are there too. The parts of a request, such as those that it was
// redirected to, are left out as well: its own time is theirs together.

// jtlCommas part the fields: jmeter.save.saveservice.default_delimiter sets it.
const jtlCommas = ",;|\t"

// jtlColumns are those of a file without a head, by their number: of JMeter 5,
// of JMeter 3 and 4, and what all versions begin with.
var jtlColumns = [][]string{
	{"timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success",
		"failureMessage", "bytes", "sentBytes", "grpThreads", "allThreads", "URL", "Latency", "IdleTime", "Connect"},
	{"timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success",
		"failureMessage", "bytes", "sentBytes", "grpThreads", "allThreads", "Latency", "IdleTime", "Connect"},
	{"timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success"},
}

// jtlRow is a line of a file without a head.
var jtlRow = regexp.MustCompile(`^\d{13}([,;|\t])\d+[,;|\t][^\n]*[,;|\t](true|false)[,;|\t]`)

func sniffJTL(head string) bool {
	_, _, ok := jtlLayout(head)
	return ok
}

// jtlLayout is what parts the fields of a file, and its columns; nil: its head
// has them.
func jtlLayout(head string) (comma rune, columns []string, ok bool) {
	line := strings.TrimRight(firstLine(head), "\r")
	for _, c := range jtlCommas {
		fields := strings.Split(strings.ReplaceAll(line, `"`, ""), string(c))
		named := func(column string) bool { return slices.Contains(fields, column) }
		if named("timeStamp") && named("elapsed") && named("label") {
			return c, nil, true
		}
	}
	m := jtlRow.FindStringSubmatch(line)
	if m == nil {
		return 0, nil, false
	}
	comma = rune(m[1][0])
	fields := 0
	err := eachRowBy(bufio.NewReader(strings.NewReader(line)), comma, []string{"timeStamp"}, nil, func(r row) error {
		fields = len(r.fields)
		return nil
	})
	for _, columns := range jtlColumns {
		if err == nil && (fields == len(columns) || len(columns) == 8 && fields > 8) {
			return comma, columns, true
		}
	}
	return 0, nil, false
}

// jtlTransaction begins the message of a transaction controller.
const jtlTransaction = "Number of samples in transaction"

// errTransactions is a file of controllers that stand for their requests.
var errTransactions = errors.New("it has transaction controllers only, and no request of theirs: " +
	"clear \"Generate parent sample\" in them")

func readJTL(in *bufio.Reader, s *samples) error {
	head, _ := in.Peek(headSize)
	comma, columns, ok := jtlLayout(string(head))
	if !ok {
		return errors.New("line 1: there is no head with timeStamp, elapsed, label and success, and no sample as JMeter saves it")
	}
	transactions, odd, before := 0, int64(0), s.count
	parts := newJTLParts(s)
	err := eachRowBy(in, comma, columns, []string{"timeStamp", "elapsed", "label", "success"}, func(r row) error {
		if r.get("timeStamp") == "timeStamp" { // the head again: files were put together
			return nil
		}
		if strings.HasPrefix(r.get("responseMessage"), jtlTransaction) {
			transactions++
			return nil
		}
		if n := r.get("SampleCount"); n != "" && n != "1" {
			return fmt.Errorf("%s samples in one row, without the time of each: "+
				"write mode=Standard into jmeter.properties, not Statistical", n)
		}
		x, err := jtlSample(r)
		if err != nil {
			return err
		}
		if jtlOdd(x, r.get("responseCode")) {
			odd++
		}
		return parts.take(r.get("threadName"), x)
	})
	if err == nil {
		err = parts.flush()
	}
	if err == nil && transactions > 0 && s.count == before {
		return errTransactions
	}
	s.noteOdd(odd)
	return err
}

// jtlOdd says whether a sample is a success in the file, and has a bad status or
// no answer.
func jtlOdd(x sample, code string) bool {
	return x.failure == metric.OK && (x.status >= 400 || strings.HasPrefix(code, "Non HTTP"))
}

// noteOdd tells how many there are: a script may expect such an answer, or have
// ignored it.
func (s *samples) noteOdd(n int64) {
	if n > 0 {
		s.notes = append(s.notes, fmt.Sprintf("samples that are successes there, "+
			"with a status of 400 or more, or without an answer, and count as such: %d", n))
	}
}

// jtlSample reads a row.
func jtlSample(r row) (sample, error) {
	at, err := strconv.ParseInt(r.get("timeStamp"), 10, 64)
	if err != nil {
		return sample{}, fmt.Errorf("timeStamp %q is no number of milliseconds: save it as ms", r.get("timeStamp"))
	}
	elapsed, err := strconv.ParseInt(r.get("elapsed"), 10, 64)
	if err != nil {
		return sample{}, fmt.Errorf("elapsed %q is no whole number", r.get("elapsed"))
	}
	status, _ := strconv.Atoi(r.get("responseCode"))        // else it is a cause in words
	received, _ := strconv.ParseInt(r.get("bytes"), 10, 64) // absent: 0
	sent, _ := strconv.ParseInt(r.get("sentBytes"), 10, 64)
	x := sample{
		label: r.get("label"), address: r.get("URL"), latency: time.Duration(elapsed) * time.Millisecond,
		ended: time.UnixMilli(at + elapsed), status: status, received: received, sent: sent,
	}
	if x.address == "null" {
		x.address = ""
	}
	switch r.get("success") {
	case "true":
	case "false":
		words := strings.TrimSpace(r.get("failureMessage"))
		if words == "" {
			words = r.get("responseCode") + " " + r.get("responseMessage")
		}
		x.failure, x.detail = kindOfFailure(status, words), detailOf(status, words)
	default:
		return sample{}, fmt.Errorf("success %q is neither true nor false", r.get("success"))
	}
	return x, nil
}
