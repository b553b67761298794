// Package jmeter reads JMeter's samples (JTL), as CSV and as XML, and the tables of its
// reports.
package jmeter

import (
	"bufio"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/metric"
)

// JMeter's JTL as CSV: the head names the columns; without one they
// are those of JMeter's own settings. timeStamp is when
// a sample began, in milliseconds; elapsed is its length. A transaction
// controller is a sample of its own over its children: it is left out, since its
// requests are there too. The subsamples of a request, such as those that it was
// redirected to, are left out as well: its time includes theirs.

// jtlCommas are the separators of fields: jmeter.save.saveservice.default_delimiter.
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

// rowPattern is a line of a file without a head.
// If its times are dates, a message explains how to save them.
var rowPattern = regexp.MustCompile(`^(?:\d{13}|\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d(?:[.]\d+)?)` +
	`([,;|\t])\d+[,;|\t][^\n]*[,;|\t](true|false)[,;|\t]`)

func sniffJTL(head string) bool {
	_, _, ok := jtlLayout(head)
	return ok
}

// jtlLayout is the separator and the columns of a file; no columns: its head names them.
func jtlLayout(head string) (comma rune, columns []string, ok bool) {
	line := strings.TrimRight(textfile.FirstLine(head), "\r")
	for _, c := range jtlCommas {
		fields := strings.Split(strings.ReplaceAll(line, `"`, ""), string(c))
		named := func(column string) bool { return slices.Contains(fields, column) }
		if named("timeStamp") && named("elapsed") && named("label") {
			return c, nil, true
		}
	}
	m := rowPattern.FindStringSubmatch(line)
	if m == nil {
		return 0, nil, false
	}
	comma = rune(m[1][0])
	fields := 0
	err := textfile.EachRowBy(bufio.NewReader(strings.NewReader(line)),
		comma, []string{"timeStamp"}, nil, func(r textfile.Row) error {
			fields = len(r.Fields)
			return nil
		})
	for _, columns := range jtlColumns {
		if err == nil && (fields == len(columns) || len(columns) == 8 && fields > 8) {
			return comma, columns, true
		}
	}
	return 0, nil, false
}

func readJTL(in *bufio.Reader, s *collect.Samples) error {
	comma, columns, ok := jtlLayout(textfile.Head(in))
	if !ok {
		return errors.New(
			"line 1: there is no head with timeStamp, elapsed, label and success, and no sample as JMeter saves it")
	}
	before := s.Count()
	reader := newJTLReader(s)
	err := textfile.EachRowBy(in, comma, columns, []string{"timeStamp", "elapsed", "label", "success"}, reader.row)
	if err == nil {
		err = reader.subsamples.flush()
	}
	if err == nil {
		err = reader.controllers.flush()
	}
	if err == nil && reader.transactions > 0 && s.Count()-before == reader.controllers.counted {
		return errTransactions
	}
	reader.controllers.note()
	noteOdd(s, reader.odd)
	return err
}

// jtlReader counts the rows of a file.
type jtlReader struct {
	subsamples   *subsamples
	controllers  *controllers
	transactions int // rows of controllers
	odd          int64
}

func newJTLReader(s *collect.Samples) *jtlReader {
	r := &jtlReader{subsamples: newSubsamples(s), controllers: newControllers(s)}
	r.controllers.sorted = true // a table is easily sorted
	return r
}

func (j *jtlReader) row(r textfile.Row) error {
	if r.Get("timeStamp") == "timeStamp" { // the head again: files were put together
		return nil
	}
	if n := r.Get("SampleCount"); n != "" && n != "1" {
		return manySamples(n)
	}
	x, err := jtlSample(r)
	if err != nil {
		return err
	}
	thread := r.Get("threadName")
	j.controllers.blind = !r.Has("threadName")
	if n, ok := holds(r.Get("responseMessage")); ok {
		j.transactions++
		paused, _ := strconv.ParseInt(r.Get("IdleTime"), 10, 32) // absent: unknown
		return j.controllers.controller(thread, x, n, time.Duration(paused)*time.Millisecond)
	}
	if leave, err := j.silentController(r, thread, x); leave || err != nil {
		return err
	}
	if isOdd(x, r.Get("responseCode")) {
		j.odd++
	}
	if err := j.controllers.request(thread, x); err != nil {
		return err
	}
	return j.subsamples.add(thread, x)
}

// silentController reports whether a row is a controller of a file without messages, which
// would say so: it has no address, and lies around other samples.
func (j *jtlReader) silentController(r textfile.Row, thread string, x collect.Sample) (leave bool, err error) {
	if r.Has("responseMessage") || r.Has("URL") && r.Get("URL") != "null" {
		return false, nil
	}
	const save = "save responseMessage, URL and threadName"
	codeless := r.Has("responseCode") && r.Get("responseCode") == ""
	switch around := j.controllers.around(thread, x); {
	case r.Has("URL") && (around || j.controllers.blind && codeless):
		j.transactions++
		j.controllers.left++
		return true, nil
	case r.Has("URL") && j.controllers.blind:
		return false, fmt.Errorf("nothing says whether %q is a request or a transaction controller: %s", x.Label, save)
	case around:
		return false, fmt.Errorf("%q lies around other samples of its thread, and nothing says whether it is "+
			"a transaction controller: %s", x.Label, save)
	}
	return false, nil
}

// manySamples is the error of a row for several samples, or for none.
func manySamples(n string) error {
	return fmt.Errorf("%s samples in one row, without the time of each: "+
		"write mode=Standard into jmeter.properties, not Statistical", n)
}

// isOdd reports whether a sample succeeded according to the file, with a bad status or
// without an answer.
func isOdd(x collect.Sample, code string) bool {
	return x.Failure == metric.OK && (x.Status >= 400 || strings.HasPrefix(code, "Non HTTP"))
}

// noteOdd adds a note on such samples: a script may expect such an answer, or ignore it.
func noteOdd(s *collect.Samples, n int64) {
	if n > 0 {
		s.Note(fmt.Sprintf("samples that are successes there, "+
			"with a status of 400 or more, or without an answer, and count as such: %d", n))
	}
}

// jtlSample reads a row.
func jtlSample(r textfile.Row) (collect.Sample, error) {
	x, err := csvFields.sample(r.Get)
	if err != nil {
		return x, fmt.Errorf("%w: save times as ms", err)
	}
	x.Label, x.Address = r.Get("label"), r.Get("URL")
	if x.Address == "null" {
		x.Address = ""
	}
	switch r.Get("success") {
	case "true":
	case "false":
		words := strings.TrimSpace(r.Get("failureMessage"))
		if words == "" {
			words = r.Get("responseCode") + " " + r.Get("responseMessage")
		}
		x.Fail(words)
	default:
		return collect.Sample{}, fmt.Errorf("success %q is neither true nor false", r.Get("success"))
	}
	return x, nil
}
