package importer

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Vegeta writes Go's own encoding of a struct unless it is asked for another,
// and vegeta report -type=json figures of all targets together, in nanoseconds.
// Their percentiles are estimates (t-digest), here taken for 1 % wrong at most.

const vegetaAdvice = "judge the results themselves (vegeta attack … >results.bin), which keep every request"

func sniffVegetaGob(head string) bool {
	return !strings.HasPrefix(head, "{") && strings.Contains(head, "\x06Result\x01") &&
		strings.Contains(head, "Latency") && strings.Contains(head, "BytesOut")
}

func readVegetaGob(in *bufio.Reader, s *samples) error {
	decoder := gob.NewDecoder(in)
	for number := 1; ; number++ {
		var g vegetaGob
		switch err := decoder.Decode(&g); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("request %d: %w", number, gobError(err))
		}
		r := vegetaResult{
			Code: int(g.Code), Timestamp: g.Timestamp, Latency: int64(g.Latency),
			BytesOut: int64(min(g.BytesOut, 1<<50)), BytesIn: int64(min(g.BytesIn, 1<<50)),
			Error: g.Error, Method: g.Method, URL: g.URL,
		}
		if err := s.add(r.sample()); err != nil {
			return fmt.Errorf("request %d: %w", number, err)
		}
	}
}

// gobError is an error of gob without its words.
func gobError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return errors.New("it is no sound result of Vegeta: run the attack again, or give what vegeta encode reads of it")
}

// vegetaGob has the types that Vegeta writes, which gob insists on.
type vegetaGob struct {
	Code              uint16
	Timestamp         time.Time
	Latency           time.Duration
	BytesOut, BytesIn uint64
	Error             string
	Method, URL       string
}

type vegetaFigures struct {
	Latencies numbers
	Buckets   map[string]int64
	Requests  count
	Earliest  instant
	Duration  time.Duration
	Wait      time.Duration
	Codes     map[string]count `json:"status_codes"`
}

func readVegetaReport(in *bufio.Reader, f *figures) error {
	var v vegetaFigures
	if err := whole(in, &v); err != nil {
		return err
	}
	_, failed, err := f.answered(everything, "", "", v.Codes)
	if err != nil {
		return err
	}
	s := withCounts(int64(v.Requests), failed)
	if v.Codes == nil {
		s.Failed = nil
	}
	for name, ns := range byKey(v.Latencies) {
		read := times{unit: time.Nanosecond}
		if name == "total" { // as long as all of them
			continue
		}
		if percent, ok := strings.CutSuffix(name, "th"); ok {
			name, read.share = "p"+percent, 0.01
		}
		if err := read.named(s, name, ns); err != nil {
			return err
		}
	}
	f.lasted(v.Earliest.Time, v.Duration+v.Wait)
	return f.add(everything, "", "", s)
}
