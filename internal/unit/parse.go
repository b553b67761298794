package unit

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Longest is the longest duration that is read.
const Longest = 10_000 * time.Hour

// ErrTooLong is in the error of ParseDuration where a duration is above Longest.
var ErrTooLong = errors.New("too long")

// ErrNoLastUnit is in the error of ParseDuration where the last of several numbers has no unit.
var ErrNoLastUnit = errors.New("no unit")

// tooLong words it.
func tooLong(text string) error {
	return fmt.Errorf("%q is %w; write at most %.0fh", text, ErrTooLong, Longest.Hours())
}

// ParseDuration reads a duration with a unit: 250ms, 1.5s, 5m, 2h, 1m30s. It
// reads what Quantity.String prints, 5min, too. A number without a unit, a
// negative duration and one above 10,000 hours are errors; each message says
// what to write instead.
func ParseDuration(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	if isNumber(text) { // time.ParseDuration would take 0
		return 0, fmt.Errorf("%s has no unit; write %sms or %ss", text, text, text)
	}
	d, err := time.ParseDuration(strings.Replace(text, "min", "m", 1))
	switch {
	case err != nil && sums(text):
		return 0, tooLong(text) // more than a time.Duration holds
	case err != nil:
		if parts := unfinished.FindStringSubmatch(text); parts != nil {
			return 0, fmt.Errorf("%q has %w behind %s; write %s%s",
				text, ErrNoLastUnit, parts[2], text, nextUnit[parts[1]])
		}
		return 0, fmt.Errorf("%q is not a duration; write one like 200ms, 10s or 5m", text)
	case d < 0:
		return 0, fmt.Errorf("%q is negative; write a duration of 0s or more", text)
	case d > Longest:
		return 0, tooLong(text)
	}
	return d, nil
}

// written is a duration of any length.
var written = regexp.MustCompile(`^(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|min|m|h))+$`)

// unfinished is a duration whose last number has no unit, such as 5m30: the unit before it, and the number.
var unfinished = regexp.MustCompile(`^[0-9hms.]*[0-9](h|m|s)([0-9]+)$`)

// nextUnit is the unit that follows another in a duration.
var nextUnit = map[string]string{"h": "m", "m": "s", "s": "ms"}

// sums says whether a text that is not a time.Duration is one by its form: then it is
// longer than one can be.
func sums(text string) bool { return written.MatchString(strings.TrimPrefix(text, "+")) }

// ParseRatio reads a share with its percent sign, 99.5%, and returns it as a
// ratio in [0,1].
func ParseRatio(text string) (float64, error) {
	text = strings.TrimSpace(text)
	number, ok := strings.CutSuffix(text, "%")
	if !ok {
		if isNumber(text) {
			return 0, noPercent(text)
		}
		return 0, fmt.Errorf("%q is not a share; write one like 99.5%%", text)
	}
	percent, err := finite(strings.TrimSpace(number))
	if err != nil {
		return 0, fmt.Errorf("%q is not a share; write one like 99.5%%", text)
	}
	if percent < 0 || percent > 100 {
		return 0, fmt.Errorf("%q is outside 0%% to 100%%", text)
	}
	return percent / 100, nil
}

// noPercent says what a share or change without its sign may mean: from 0 to 1
// other tools write it as a part of one.
func noPercent(text string) error {
	switch part, err := finite(text); {
	case err == nil && part > 0 && part < 1:
		percent := strconv.FormatFloat(part*100, 'g', 12, 64)
		return fmt.Errorf("%s has no unit, and as a part of 1 it is %s%%; write %s%%", text, percent, percent)
	case err == nil && part == 1:
		return fmt.Errorf("%s has no unit; write 100%% for all, or 1%% for one in a hundred", text)
	}
	return fmt.Errorf("%s has no unit; write %s%%", text, text)
}

// ParseChange reads a change with its percent sign, 10% or 150%, and returns
// it as a ratio of 0 or more.
func ParseChange(text string) (float64, error) {
	text = strings.TrimSpace(text)
	number, ok := strings.CutSuffix(text, "%")
	percent, err := finite(strings.TrimSpace(number))
	switch {
	case err == nil && !ok && percent >= 0:
		return 0, noPercent(text)
	case err != nil || percent < 0:
		return 0, fmt.Errorf("%q is not a change; write one like 10%%", text)
	}
	return percent / 100, nil
}

// ParseRate reads a rate with its time unit, 500/min, and returns it in
// events per second together with the unit it was written in.
func ParseRate(text string) (perSecond float64, written Unit, err error) {
	text = strings.TrimSpace(text)
	for _, r := range rates {
		number, ok := strings.CutSuffix(text, r.suffix)
		if !ok {
			continue
		}
		v, err := finite(strings.TrimSpace(number))
		if err != nil || v < 0 {
			break
		}
		return v / r.seconds, r.unit, nil
	}
	if isNumber(text) {
		return 0, 0, fmt.Errorf("%s has no unit; write %s/s, /min, /h or /day", text, text)
	}
	return 0, 0, fmt.Errorf("%q is not a rate; write one like 10/s, 500/min or 30000/day", text)
}

// ParseBytes reads a size: 512B, 64KiB, 1MiB, 2GiB, or with decimal kB, MB, GB,
// and returns it in whole bytes, a fraction of one left out.
func ParseBytes(text string) (int64, error) {
	units := []struct {
		suffix string
		size   float64
	}{
		{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
		{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1},
	}
	text = strings.TrimSpace(text)
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		v, err := finite(strings.TrimSpace(number))
		if err != nil || v < 0 || v*u.size >= math.MaxInt64 {
			break
		}
		return int64(v * u.size), nil
	}
	if isNumber(text) {
		return 0, fmt.Errorf("%s has no unit; write %sB, %sKiB or %sMiB", text, text, text, text)
	}
	return 0, fmt.Errorf("%q is not a size; write one like 512KiB or 10MiB", text)
}

// Number reads a number as people write one: finite, and in decimal.
func Number(text string) (v float64, ok bool) {
	v, err := finite(text)
	return v, err == nil
}

// finite reads a number and refuses NaN, infinities and hexadecimal floats,
// which strconv accepts and nobody writes on purpose.
func finite(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(text, "xXpP_") {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return v, nil
}

// isNumber says whether text is a number that lacks nothing but a unit.
func isNumber(text string) bool {
	v, err := finite(text)
	return err == nil && v >= 0
}
