package result

import "math/bits"

// pile is the sum of a slot of many shards while it grows. A histogram of a thousand shards has thousands of buckets
// and a shard's a few dozen: adding each to the whole would read all of them each time. So sums are joined with those
// of as many shards, as the digits of a binary counter carry, and all together when somebody reads.
type pile struct {
	parts []Slot // each of more shards than the next; never empty
	count uint   // of the slots in them
}

func newPile(s Slot) pile { return pile{[]Slot{s}, 1} }

func (p *pile) number() *int { return &p.parts[0].Slot }

// plus adds another pile of the same slot.
func (p pile) plus(other pile) (pile, error) {
	for _, s := range other.parts {
		p.parts = append(p.parts, s)
		p.count++
		for range bits.TrailingZeros(p.count) {
			if err := p.join(); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// join joins the last two parts.
func (p *pile) join() error {
	last := len(p.parts) - 1
	sum, err := p.parts[last-1].plus(p.parts[last])
	p.parts[last-1], p.parts[last] = sum, Slot{}
	p.parts = p.parts[:last]
	return err
}

// sums are what the piles come to, which are that from then on.
func sums(piles []pile) ([]Slot, error) {
	slots := make([]Slot, len(piles))
	for i := range piles {
		p := &piles[i]
		for len(p.parts) > 1 {
			if err := p.join(); err != nil {
				return nil, err
			}
		}
		p.count = 1
		slots[i] = p.parts[0]
	}
	return slots, nil
}
