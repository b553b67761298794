package importer

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/result"
)

// Taurus (bzt) writes what its module final-stats knows with dump-xml: a group for
// each label, and one without a label for all of them, times in seconds.

type taurusReport struct {
	Duration float64       `xml:"TestDuration"`
	Groups   []taurusGroup `xml:"Group"`
}

type taurusGroup struct {
	Label  string        `xml:"label,attr"`
	All    *taurusValue  `xml:"throughput"`
	Good   *taurusValue  `xml:"succ"`
	Failed *taurusValue  `xml:"fail"`
	Mean   *taurusValue  `xml:"avg_rt"`
	Parts  []taurusValue `xml:"perc"`
	Codes  []taurusValue `xml:"rc"`
}

type taurusValue struct {
	Value string `xml:"value,attr"`
	Param string `xml:"param,attr"`
}

func sniffTaurus(head string) bool {
	return strings.Contains(head, "<FinalStatus>") && !strings.Contains(head, "<html")
}

func readTaurus(in *bufio.Reader, f *figures) error {
	decoder := xml.NewDecoder(io.LimitReader(in, largestWhole))
	decoder.CharsetReader = charset
	var v taurusReport
	if err := decoder.Decode(&v); err != nil {
		line, _ := decoder.InputPos()
		return fmt.Errorf("line %d: %w", line, err)
	}
	if d, err := inUnit(v.Duration, time.Second); err == nil {
		f.lasted(time.Time{}, d)
	}
	for _, g := range v.Groups {
		s, err := g.summary()
		if err != nil {
			return fmt.Errorf("group %q: %w", g.Label, err)
		}
		if g.Label == "" {
			f.together(s)
			continue
		}
		for _, c := range g.Codes {
			n, err := c.count()
			if status, word := strconv.Atoi(c.Param); err == nil && word == nil && (status < 200 || status >= 400) {
				f.fail(g.Label, "", "", n, max(status, 0), "")
			}
		}
		if err := f.add(g.Label, "", "", s); err != nil {
			return err
		}
	}
	return nil
}

// count is a value that is a number of samples; none is 0.
func (v *taurusValue) count() (int64, error) {
	if v == nil {
		return 0, nil
	}
	n, err := strconv.ParseInt(v.Value, 10, 50)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no count", v.Value)
	}
	return n, nil
}

// reading is a value that is a time, in seconds to five digits.
func (v *taurusValue) reading() (result.Reading, error) {
	seconds, err := strconv.ParseFloat(v.Value, 64)
	if err != nil {
		return result.Reading{}, fmt.Errorf("%q is no number of seconds", v.Value)
	}
	return times{unit: time.Second, step: time.Millisecond}.reading(seconds) // its histogram has milliseconds
}

func (g taurusGroup) summary() (*result.Summary, error) {
	var counts [3]int64
	for i, v := range []*taurusValue{g.All, g.Good, g.Failed} {
		n, err := v.count()
		if err != nil {
			return nil, err
		}
		counts[i] = n
	}
	all := max(counts[0], counts[1]+counts[2])
	s := withCounts(all, counts[2])
	switch {
	case g.Failed != nil:
	case g.Good != nil:
		*s.Failed = all - counts[1]
	default:
		s.Failed = nil
	}
	if g.Mean != nil {
		mean, err := g.Mean.reading()
		if err != nil {
			return nil, err
		}
		s.Mean = &mean
	}
	for _, p := range g.Parts {
		percent, err := strconv.ParseFloat(p.Param, 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return nil, fmt.Errorf("percentile %q is not between 0 and 100", p.Param)
		}
		reading, err := p.reading()
		switch {
		case err != nil:
			return nil, err
		case percent == 0:
			s.Min = &reading
		case percent == 100:
			s.Max = &reading
		default:
			s.Quantiles = append(s.Quantiles, result.Quantile{Q: percent / 100, Reading: reading})
		}
	}
	return s, nil
}
