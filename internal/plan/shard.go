package plan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/loadgate/loadgate/internal/result"
)

// Shard is a part of a run: part K of N, K from 1. The zero value is the
// whole run, as is part 1 of 1.
type Shard struct{ K, N int }

// String is the shard as ParseShard reads it: "2/4".
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.K, s.N) }

// Whole says whether the shard is the run itself.
func (s Shard) Whole() bool { return s.N <= 1 }

// ParseShard reads "2/4", the second of four. Errors say what to write
// instead, and leave the text itself to the caller.
func ParseShard(text string) (Shard, error) {
	k, n, ok := strings.Cut(text, "/")
	var s Shard
	var bad [2]error
	s.K, bad[0] = strconv.Atoi(k)
	s.N, bad[1] = strconv.Atoi(n)
	if !ok || errors.Join(bad[:]...) != nil {
		return Shard{}, errors.New("write part and number of parts, such as 2/4")
	}
	return s, s.check()
}

// check finds parts that there cannot be.
func (s Shard) check() error {
	switch {
	case s.N < 1:
		return errors.New("a run has at least one part; write 1/1")
	case s.N > result.MostShards:
		return fmt.Errorf("a run has at most %d parts; write fewer", result.MostShards)
	case s.K < 1 || s.K > s.N:
		return fmt.Errorf("there is no part %d of %d; write 1/%d to %d/%d", s.K, s.N, s.N, s.N, s.N)
	}
	return nil
}
