package textfile

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// EachObject calls each with every line of JSON that contains one of words, or with every
// line if words is nil. Other lines are checked to be complete JSON: a truncated last line
// is an error like any other, since half a file is not a run.
func EachObject(in *bufio.Reader, words []string, each func(gjson.Result) error) error {
	has := func(line []byte) bool {
		return words == nil ||
			slices.ContainsFunc(words, func(w string) bool { return bytes.Contains(line, []byte(w)) })
	}
	return EachLine(in, func(line []byte) error {
		if !gjson.ValidBytes(line) {
			var value any
			return cmp.Or(json.Unmarshal(line, &value), errors.New("no JSON")) // it words what is wrong
		}
		if !has(line) {
			return nil
		}
		return each(gjson.ParseBytes(line))
	})
}

// NumberOf is the value of a key as a number.
func NumberOf(key string, value gjson.Result) (float64, error) {
	if value.Type != gjson.Number {
		return 0, fmt.Errorf("%s %q is not a number", key, value.String())
	}
	return value.Num, nil
}

// IntegerOf is the value of a key as a whole number.
func IntegerOf[T int | int64](key string, value gjson.Result) (T, error) {
	n, err := strconv.ParseInt(value.Raw, 10, strconv.IntSize)
	if err != nil {
		return 0, fmt.Errorf("%s %q is not a whole number", key, value.String())
	}
	return T(n), nil
}

// TimeOf is the value of a key as a time of RFC 3339.
func TimeOf(key string, value gjson.Result) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, value.Str)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %q is not a time", key, value.String())
	}
	return t, nil
}
