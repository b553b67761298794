package result

import (
	"maps"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
)

// pile is the sum of one slot over many shards while it grows. The histogram of a thousand shards has thousands of
// buckets, that of one has a few dozen: adding each shard to the whole would read the whole each time. So the tallies
// of shards wait until there are some of them, or until somebody reads the sum.
type pile struct {
	whole   Slot    // its plain counts are those of all
	waiting []tally // are not in the tallies of whole
}

// together is how many tallies are added at once: more need more memory, fewer more time.
const together = 16

func (p *pile) number() *int { return &p.whole.Slot }

// plus adds another pile of the same slot.
func (p pile) plus(other pile) (pile, error) {
	p.whole.AddCounts(other.whole)
	p.waiting = append(append(p.waiting, other.whole.tally()), other.waiting...)
	if len(p.waiting) < together {
		return p, nil
	}
	_, err := p.sum()
	return p, err
}

// sum is what the pile comes to; nothing waits from then on.
func (p *pile) sum() (Slot, error) {
	if len(p.waiting) > 0 {
		if err := p.whole.count(append(p.waiting, p.whole.tally())); err != nil {
			return p.whole, err
		}
		p.waiting = nil
	}
	return p.whole, nil
}

func sums(piles []pile) ([]Slot, error) {
	slots := make([]Slot, len(piles))
	for i := range piles {
		var err error
		if slots[i], err = piles[i].sum(); err != nil {
			return nil, err
		}
	}
	return slots, nil
}

// tally is what of a slot takes time to add. Nothing in it is ever changed.
type tally struct {
	failed                                      map[metric.Failure]int64
	latency, fromSend, firstByte, failedLatency hist.Sparse
}

func (s *Slot) tally() tally {
	return tally{s.Failed, s.Latency, s.FromSend, s.FirstByte, s.FailedLatency}
}

// sent is Slot.Sent.
func (t *tally) sent() hist.Sparse {
	if t.fromSend != nil {
		return t.fromSend
	}
	return t.latency
}

// count replaces the tally of s by the sum of all. An error changes nothing.
func (s *Slot) count(all []tally) (err error) {
	var failed map[metric.Failure]int64
	apart, firstBytes := false, true
	for i := range all {
		t := &all[i]
		apart = apart || t.fromSend != nil
		firstBytes = firstBytes && (t.firstByte != nil || t.latency == nil)
		if failed == nil {
			failed = maps.Clone(t.failed)
			continue
		}
		for kind, n := range t.failed {
			failed[kind] += n
		}
	}
	parts := make([]hist.Sparse, len(all))
	total := func(of func(*tally) hist.Sparse) (sum hist.Sparse) {
		for i := range all {
			parts[i] = of(&all[i])
		}
		if err == nil {
			sum, err = hist.Sum(parts...)
		}
		return sum
	}
	sum := tally{failed: failed}
	sum.latency = total(func(t *tally) hist.Sparse { return t.latency })
	sum.failedLatency = total(func(t *tally) hist.Sparse { return t.failedLatency })
	if apart {
		sum.fromSend = total((*tally).sent)
	}
	if firstBytes { // of some of the requests they would not be those of the slot
		sum.firstByte = total(func(t *tally) hist.Sparse { return t.firstByte })
	}
	if err == nil {
		s.Failed, s.Latency, s.FromSend, s.FirstByte, s.FailedLatency =
			sum.failed, sum.latency, sum.fromSend, sum.firstByte, sum.failedLatency
	}
	return err
}
