// Package hdrhistogram reads the text formats of HdrHistogram, which several tools write.
package hdrhistogram

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/importer/collect"
	"github.com/loadgate/loadgate/internal/importer/numeral"
	"github.com/loadgate/loadgate/internal/importer/textfile"
	"github.com/loadgate/loadgate/internal/result"
)

// HdrHistogram's .hgrm is a spectrum of all requests, here taken for
// milliseconds, as wrk2 and Vegeta write it. Its .hlog is a histogram for each
// interval, of each tag: start and length in seconds, the greatest value, and
// the histogram in base64. The unit of
// values follows from the greatest, which is also printed in milliseconds. Neither format
// has failures.

func sniffHgrm(head string) bool { return spectrumHead.MatchString(textfile.FirstLine(head)) }

func readHgrm(in *bufio.Reader, f *collect.Figures) error {
	var rows Spectrum
	if err := textfile.EachLine(in, rows.Add); err != nil {
		return err
	}
	s := &result.Summary{}
	if err := rows.Fill(s); err != nil {
		return err
	}
	return f.Add(collect.AllRequests, "", "", s)
}

func sniffHlog(head string) bool {
	return strings.HasPrefix(head, "#[Histogram log format version") ||
		strings.Contains(head, `"Interval_Compressed_Histogram"`)
}

var hlogStart = regexp.MustCompile(`^#\[(?:StartTime|BaseTime): ([0-9.]+)`)

func readHlog(in *bufio.Reader, s *collect.Samples) error {
	base := collect.UnknownStart
	s.SinceStart(true)
	return textfile.EachLine(in, func(line []byte) error {
		text := string(bytes.TrimSpace(line))
		if m := hlogStart.FindStringSubmatch(text); m != nil {
			seconds, err := numeral.Number(m[1])
			if err != nil || !(seconds >= 0 && seconds < 1e10) {
				return fmt.Errorf("the start %q is not a time in seconds", m[1])
			}
			if seconds > 1e8 {
				base = time.UnixMilli(int64(seconds * 1000))
				s.SinceStart(false)
			}
			return nil
		}
		if text == "" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, `"`) {
			return nil
		}
		name := collect.AllRequests
		if tag, rest, ok := strings.Cut(text, ","); ok && strings.HasPrefix(tag, "Tag=") {
			name, text = strings.TrimPrefix(tag, "Tag="), rest
		}
		fields := strings.Split(text, ",")
		if len(fields) != 4 {
			return fmt.Errorf("%d fields of 4: the file was cut", len(fields))
		}
		var numbers [3]float64
		for i := range numbers {
			v, err := numeral.Number(strings.TrimSpace(fields[i]))
			if err != nil || !(v >= 0 && v < 1e12) {
				return fmt.Errorf("%q is not a number", fields[i])
			}
			numbers[i] = v
		}
		length, ok := collect.RunLength(numbers[1], time.Second)
		if !ok {
			return fmt.Errorf("an interval of %s seconds is impossible", strings.TrimSpace(fields[1]))
		}
		l, err := hist.FromHDR(strings.TrimSpace(fields[3]), func(most int64) (float64, error) {
			if numbers[2] <= 0 || most <= 0 {
				return 0,
					errors.New("the interval has no greatest value, so the unit of its values is unknown")
			}
			// A power of ten: the printed one is rounded.
			return float64(time.Millisecond) / math.Pow10(int(math.Round(math.Log10(float64(most)/numbers[2])))), nil
		})
		if err != nil {
			return err
		}
		ended := base
		if numbers[0] > 1e8 { // since the epoch, whatever the head says
			ended = time.Unix(0, 0)
			s.SinceStart(false)
		}
		whole, part := math.Modf(numbers[0]) // in nanoseconds together they may be more than a duration
		ended = time.Unix(ended.Unix()+int64(whole), int64(ended.Nanosecond())).Add(
			time.Duration(part*float64(time.Second)) + length)
		return s.Fold(name, ended, length, l)
	})
}
