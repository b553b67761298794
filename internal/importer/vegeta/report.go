package vegeta

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
)

// Vegeta writes Go's own encoding of a struct unless it is asked for another,
// and vegeta report -type=json figures of all targets together, in nanoseconds.
// Their percentiles are estimates (t-digest), here taken for 1 % wrong at most.

const advice = "judge the results themselves (vegeta attack … >results.bin), which keep every request"

func sniffGob(head string) bool {
	return !strings.HasPrefix(head, "{") && strings.Contains(head, "\x06Result\x01") &&
		strings.Contains(head, "Latency") && strings.Contains(head, "BytesOut")
}

func readGob(in *bufio.Reader, s *collect.Samples) error {
	decoder := gob.NewDecoder(in)
	for number := 1; ; number++ {
		var g gobResult
		switch err := decoder.Decode(&g); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("request %d: %w", number, gobError(err))
		}
		r := attack{
			Code: int(g.Code), Timestamp: g.Timestamp, Latency: int64(g.Latency),
			BytesOut: int64(min(g.BytesOut, 1<<50)), BytesIn: int64(min(g.BytesIn, 1<<50)),
			Error: g.Error, Method: g.Method, URL: g.URL,
		}
		if err := s.Add(r.sample()); err != nil {
			return fmt.Errorf("request %d: %w", number, err)
		}
	}
}

// gobError is an error of gob without its words.
func gobError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errors.New(
		"it is not a valid result of Vegeta: run the attack again, or give what vegeta encode can still read")
}

// gobResult has the types that Vegeta writes, which gob insists on.
type gobResult struct {
	Code              uint16
	Timestamp         time.Time
	Latency           time.Duration
	BytesOut, BytesIn uint64
	Error             string
	Method, URL       string
}

type report struct {
	Latencies numeral.Numbers
	Buckets   map[string]int64
	Requests  numeral.Count
	Earliest  numeral.Time
	Duration  time.Duration
	Wait      time.Duration
	Codes     map[string]numeral.Count `json:"status_codes"`
	Success   *float64
}

func readReport(in *bufio.Reader, f *collect.Figures) error {
	var v report
	if err := textfile.DecodeJSON(in, &v); err != nil {
		return err
	}
	answers, failed, err := f.CountStatuses(collect.AllRequests, "", "", v.Codes)
	if err != nil {
		return err
	}
	s := collect.NewSummary(int64(v.Requests), failed)
	if err := f.SetOutcomes(s, "status_codes", answers-failed, failed); err != nil {
		return err
	}
	if v.Success != nil {
		if err := collect.CheckShare(*v.Success, answers-failed, answers, "succeeded"); err != nil {
			return fmt.Errorf("success: %w", err)
		}
	}
	for name, ns := range textfile.ByKey(v.Latencies) {
		read := collect.Times{Unit: time.Nanosecond}
		if name == "total" { // as long as all of them
			continue
		}
		if percent, ok := strings.CutSuffix(name, "th"); ok {
			name, read.Error = "p"+percent, 0.01
		}
		if err := read.SetNamed(s, name, ns); err != nil {
			return err
		}
	}
	f.Ran(v.Earliest.Time, v.Duration+v.Wait)
	return f.Add(collect.AllRequests, "", "", s)
}
