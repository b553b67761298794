package result

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/metric"
)

// Running is the sum of the shards of one run while they run. It takes their heads, and then their
// slices in any order between shards, and holds one shard's worth of slots: of each shard it keeps only
// what is not a sum. Its Result is that of Merge on the shards' own results. The zero value is not
// usable. It is not safe for concurrent use.
type Running struct {
	shards  map[int]*runningShard // by K
	slot    time.Duration         // length of a slot, as in Result
	moments []Moment              // without users
	slots   map[rowName][]pile
	fresh   fresh           // where slots are longer than a second
	watched []ResourceSlice // of the run as a whole
	model   *Result         // what each head has to be a part of; nil: any run
	parts   int             // of it
}

// runningShard is what is kept of one shard.
type runningShard struct {
	head    *Result // without timeline and slots
	rows    []rowName
	users   []headcount   // by slot; of unknownUsers where the shard has said nothing
	watched map[int]bool  // slots with a reading of the generator
	told    Shard         // Requests and Failed, so far
	lag     hist.Sparse   // of all its requests
	planned time.Duration // as in Planned, and perhaps extended since it began
	ended   bool
}

const unknownUsers = -1

// longestDrain is how long after its planned time a shard may have anything to say, at the very most.
const longestDrain = 24 * time.Hour

// rowName tells the rows of a document apart.
type rowName struct {
	name        string
	place       metric.Place
	transaction bool
}

// NewRunning is the sum of no shard.
func NewRunning() *Running {
	return &Running{shards: map[int]*runningShard{}, slot: SlotLength, slots: map[rowName][]pile{}}
}

// Expect makes Begin refuse a head that does not belong to the run of a plan. Model is the plan's empty result, and
// parts is the number of shards.
func (r *Running) Expect(model *Result, parts int) { r.model, r.parts = model.Snapshot(), parts }

// expected says why a head is of another run than the one that is expected.
func (r *Running) expected(head *Result) error {
	m := r.model
	if m == nil {
		return nil
	}
	sameRow := func(a, b *Endpoint) bool { return a.Name == b.Name && a.Place == b.Place }
	sameGauge := func(a, b Resource) bool { return a.Name == b.Name && a.Kind == b.Kind }
	switch {
	case head.Digest != m.Digest || head.Profile != m.Profile || !head.Planned.simultaneous(m.Planned):
		return errors.New("it is of another load than this run")
	case head.Seed != m.Seed:
		return fmt.Errorf("it is of another run: its seed is %d, and this one's %d", head.Seed, m.Seed)
	case head.Shards[0].N != r.parts:
		return fmt.Errorf("it is one of %d parts, and this run has %d", head.Shards[0].N, r.parts)
	case !slices.EqualFunc(head.rows(), m.rows(), sameRow), len(head.Endpoints) != len(m.Endpoints),
		!slices.EqualFunc(head.Resources, m.Resources, sameGauge):
		return errors.New("it has other endpoints or resources than this run")
	}
	return nil
}

// Line takes a line of the journal of shard k, without repeats and in the order of that shard. A line that
// contradicts the run is an error and changes nothing; so is a torn one.
func (r *Running) Line(k int, text []byte) error {
	l, err := ReadLine(text)
	if err != nil {
		return ofShard(k, err)
	}
	return r.Take(k, l)
}

// Line is a line of a journal that was read, and does not belong to any run yet. The zero value says nothing.
type Line struct{ line line }

// ReadLine reads a line of a journal. A torn one is an error.
func ReadLine(text []byte) (Line, error) {
	l, err := readLine(text)
	if err != nil {
		return Line{}, fmt.Errorf("a damaged line: %w", err)
	}
	return Line{l}, nil
}

// Take is Line for a line that was read before. It keeps what is in it.
func (r *Running) Take(k int, of Line) error {
	l := of.line
	if l.Result != nil {
		head, err := l.begin()
		if err == nil && head.Shards[0].K != k {
			err = fmt.Errorf("it says that it is shard %d", head.Shards[0].K)
		}
		if err == nil {
			err = r.Begin(head)
		}
		return ofShard(k, err)
	}
	s, err := r.shard(k)
	switch {
	case err != nil:
		return err
	case l.Slice != nil:
		l.Slice.settle()
		return ofShard(k, r.slice(s, l.Slice, l.proven))
	case l.Planned != nil && !possible(*l.Planned):
		return fmt.Errorf("shard %d: planned_duration_ns: %d cannot be", k, *l.Planned)
	case l.Planned != nil:
		s.planned = *l.Planned
	case l.End != nil:
		r.finish(s, *l.End)
	default:
		return fmt.Errorf("shard %d: a line that says nothing", k)
	}
	return nil
}

func ofShard(k int, err error) error {
	if err != nil {
		return fmt.Errorf("shard %d: %w", k, err)
	}
	return nil
}

// Begin takes the head of a shard: a result that has measured nothing yet. It is an error where the shard
// is of another run than those before, or is there already.
func (r *Running) Begin(head *Result) error {
	if len(head.Shards) != 1 {
		return fmt.Errorf("it is %d shards, and one is needed", len(head.Shards))
	}
	if err := r.expected(head); err != nil {
		return err
	}
	k := head.Shards[0].K
	if r.shards[k] != nil {
		return fmt.Errorf("shard %d is there already", k)
	}
	for _, other := range r.shards { // any will do: all are of one run
		if err := other.head.compatible(head); err != nil {
			return err
		}
		break
	}
	s := &runningShard{head: head.Snapshot(), watched: map[int]bool{}, planned: head.Planned.Duration}
	s.head.Timeline = nil
	for i, e := range s.head.rows() {
		e.Slots = nil
		s.rows = append(s.rows, rowName{e.Name, e.Place, i >= len(s.head.Endpoints)})
	}
	r.shards[k] = s
	return nil
}

func (r *Running) shard(k int) (*runningShard, error) {
	if s := r.shards[k]; s != nil {
		return s, nil
	}
	return nil, fmt.Errorf("shard %d has not begun", k)
}

// Slice takes a slice of a shard that is newer than all before it of that shard, and keeps it. A slice
// that cannot be is an error and changes nothing.
func (r *Running) Slice(k int, slice *Slice) error {
	s, err := r.shard(k)
	if err != nil {
		return err
	}
	return ofShard(k, r.slice(s, slice, false))
}

// slice is Slice for a shard that has begun. What is proven is not checked again.
func (r *Running) slice(s *runningShard, slice *Slice, proven bool) (err error) {
	if err := slice.check(len(s.rows), len(s.head.Resources), proven); err != nil {
		return err
	}
	begins := time.Duration(slice.Moment.Slot) * SlotLength
	if s.ended || begins < s.head.Elapsed {
		return fmt.Errorf("slice of second %d: the shard is at %s already", slice.Moment.Slot, s.head.Elapsed)
	}
	if begins > s.planned+longestDrain {
		return fmt.Errorf("slice of second %d: the run is planned for %s", slice.Moment.Slot, s.planned)
	}
	for int(begins/r.slot) >= MaxSlots {
		if r.slot == SlotLength {
			r.fresh = r.seconds()
		}
		if err := r.coarsen(); err != nil {
			return err
		}
	}
	at := int(begins / r.slot)
	if s.lag, err = hist.Sum(s.lag, slice.Moment.Lag); err != nil {
		return err
	}
	s.tell(at, headcountOf(slice.Moment))
	if slice.Moment.Generator.Read() {
		s.watched[at] = true
	}
	moment := slice.Moment.withoutUsers()
	moment.Slot = at
	if r.moments, err = insert(r.moments, at, moment, (*Moment).number, Moment.plus); err != nil {
		return err
	}
	rows := s.head.rows()
	for _, part := range slice.Endpoints {
		name, row := s.rows[part.Index], rows[part.Index]
		slot := part.Slot
		if !name.transaction {
			s.told.Requests, s.told.Failed = s.told.Requests+slot.Requests, s.told.Failed+slot.Failures()
		}
		slot.Slot = at
		if r.slots[name], err = insert(r.slots[name], at, pile{whole: slot}, (*pile).number, pile.plus); err != nil {
			return err
		}
		for _, f := range part.Failures {
			row.replace(f)
		}
		if part.Server != nil {
			row.Server = part.Server
		}
		row.addExemplars(part.Exemplars)
	}
	if r.slot > SlotLength {
		if err := r.fresh.take(slice, s.rows); err != nil {
			return err
		}
	}
	s.head.watch(slice.Readings)
	if slice.Addresses != nil {
		s.head.Addresses = slice.Addresses
	}
	if !slice.Drain {
		s.head.Elapsed = begins + SlotLength
	}
	return nil
}

// Watch takes readings of gauges that are read for the run as a whole, and by no shard.
func (r *Running) Watch(readings ...ResourceSlice) { r.watched = append(r.watched, readings...) }

// insert adds one of a number to an ascending list, and to what has that number already.
func insert[T any](all []T, of int, one T, number func(*T) *int, plus func(T, T) (T, error)) ([]T, error) {
	at, found := search(all, of, number)
	if !found {
		return slices.Insert(all, at, one), nil
	}
	sum, err := plus(all[at], one)
	if err == nil {
		all[at] = sum
	}
	return all, err
}

// search is where a number is in an ascending list, or would be.
func search[T any](all []T, wanted int, number func(*T) *int) (at int, found bool) {
	if len(all) > 0 { // few lists have gaps
		if at = wanted - *number(&all[0]); at >= 0 && at < len(all) && *number(&all[at]) == wanted {
			return at, true
		}
	}
	return slices.BinarySearchFunc(all, wanted, func(one T, wanted int) int { return *number(&one) - wanted })
}

// tell keeps how many users the shard had at the end of a slot, so far.
func (s *runningShard) tell(slot int, users headcount) {
	for len(s.users) <= slot {
		s.users = append(s.users, headcount{all: unknownUsers})
	}
	s.users[slot] = users
}

// coarsen joins neighbouring slots, as Result does.
func (r *Running) coarsen() error {
	const factor = 2
	moments, err := joinNeighbours(r.moments, factor, (*Moment).number, appendMoment)
	if err != nil {
		return err
	}
	rows := map[rowName][]pile{}
	for name, piles := range r.slots {
		slots, err := sums(piles)
		if err == nil {
			slots, err = joinNeighbours(slots, factor, (*Slot).number, appendSlot)
		}
		if err != nil {
			return err
		}
		for _, s := range slots {
			rows[name] = append(rows[name], pile{whole: s})
		}
	}
	for _, s := range r.shards {
		old := s.users
		s.users = nil
		for slot, users := range old {
			if users.all != unknownUsers {
				s.tell(slot/factor, users)
			}
		}
		watched := map[int]bool{}
		for slot := range s.watched {
			watched[slot/factor] = true
		}
		s.watched = watched
	}
	r.moments, r.slots, r.slot = moments, rows, factor*r.slot
	return nil
}

// finish says how a shard ended, as Result.Finish.
func (r *Running) finish(s *runningShard, e End) {
	s.ended, s.head.End = true, e
	if e == Complete {
		s.head.Elapsed = min(s.head.Elapsed, s.planned)
	}
}
