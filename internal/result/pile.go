package result

// pile is the sum of one slot over many shards while it grows. The histogram of a thousand shards has thousands of
// buckets, that of one has a few dozen: adding each shard to the whole would read the whole each time. So shards wait
// until there are some of them, or until somebody reads the sum. It is never empty.
type pile []Slot

// together is how many slots are added at once: more need more memory, fewer more time.
const together = 16

func (p *pile) number() *int { return &(*p)[0].Slot }

// plus adds another pile of the same slot.
func (p pile) plus(other pile) (pile, error) {
	p = append(p, other...)
	if len(p) < together {
		return p, nil
	}
	_, err := p.sum()
	return p, err
}

// sum is what the pile comes to, which is all of it from then on.
func (p *pile) sum() (Slot, error) {
	sum, err := sumSlots(*p)
	if err != nil {
		return sum, err
	}
	*p = pile{sum}
	return sum, nil
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
