// Package taurus reads the final statistics of Taurus.
package taurus

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/importer/charset"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// Taurus (bzt) writes what its module final-stats knows with dump-xml: a group for
// each label, and one without a label for all of them, times in seconds.

type report struct {
	Duration numeral.Optional `xml:"TestDuration"`
	Groups   []group          `xml:"Group"`
}

type group struct {
	Label  string  `xml:"label,attr"`
	All    *value  `xml:"throughput"`
	Good   *value  `xml:"succ"`
	Failed *value  `xml:"fail"`
	Mean   *value  `xml:"avg_rt"`
	Parts  []value `xml:"perc"`
	Codes  []value `xml:"rc"`
}

type value struct {
	Value string `xml:"value,attr"`
	Param string `xml:"param,attr"`
}

func sniff(head string) bool {
	return strings.Contains(head, "<FinalStatus>") && !strings.Contains(head, "<html")
}

func read(in *bufio.Reader, f *collect.Figures) error {
	decoder := xml.NewDecoder(io.LimitReader(in, textfile.LargestDocument))
	decoder.CharsetReader = charset.ForXML
	var v report
	if err := decoder.Decode(&v); err != nil {
		line, _ := decoder.InputPos()
		return fmt.Errorf("line %d: %w", line, err)
	}
	if d, ok := collect.RunLength(v.Duration.Value, time.Second); ok {
		f.Ran(time.Time{}, d)
	}
	for _, g := range v.Groups {
		s, err := g.summary(f)
		if err != nil {
			return fmt.Errorf("group %q: %w", g.Label, err)
		}
		if g.Label == "" {
			f.AddTotal(s)
			continue
		}
		for _, c := range g.Codes {
			n, err := c.count()
			if status, word := strconv.Atoi(c.Param); err == nil && word == nil && (status < 200 || status >= 400) {
				f.Fail(g.Label, "", "", n, max(status, 0), "")
			}
		}
		if err := f.Add(g.Label, "", "", s); err != nil {
			return err
		}
	}
	return nil
}

// count is a value that is a number of samples; none is 0.
func (v *value) count() (int64, error) {
	if v == nil {
		return 0, nil
	}
	n, ok := numeral.ParseCount(v.Value)
	if !ok {
		return 0, fmt.Errorf("%q is not a count", v.Value)
	}
	return n, nil
}

// reading is a value that is a time, in seconds to five digits.
func (v *value) reading() (result.Reading, error) {
	seconds, err := numeral.Number(v.Value)
	if err != nil {
		return result.Reading{}, fmt.Errorf("%q is not a number of seconds", v.Value)
	}
	return collect.Times{Unit: time.Second, Step: time.Millisecond}.Reading(seconds) // its histogram has milliseconds
}

func (g group) summary(f *collect.Figures) (*result.Summary, error) {
	var counts [3]int64
	for i, v := range []*value{g.All, g.Good, g.Failed} {
		n, err := v.count()
		if err != nil {
			return nil, err
		}
		counts[i] = n
	}
	all, good, failed := counts[0], counts[1], counts[2]
	if g.All == nil {
		all = good + failed
	}
	s := collect.NewSummary(all, failed)
	switch {
	case g.Failed == nil && g.Good == nil:
		if s.Failed = nil; g.All == nil {
			f.Uncounted(s)
		}
	case g.Failed == nil:
		failed = all - good
	case g.Good == nil:
		good = all - failed
	}
	if s.Failed != nil {
		if err := f.SetOutcomes(s, "succ and fail of "+cmp.Or(g.Label, collect.AllRequests), good, failed); err != nil {
			return nil, err
		}
	}
	if g.Mean != nil {
		mean, err := g.Mean.reading()
		if err != nil {
			return nil, err
		}
		s.Mean = &mean
	}
	for _, p := range g.Parts {
		percent, err := numeral.Number(p.Param)
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
