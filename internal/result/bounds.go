package result

import (
	"time"
)

// most is the largest count that is accepted in a document: no run comes near
// it, and thousands of such counts add up without overflow.
const most = 1 << 50

func countable(n int64) bool { return n >= 0 && n <= most }

// longest is the longest time that a document is believed, 36 years: a few of
// them can be added.
const longest time.Duration = 1 << 60

// mostSlots is how many slots a document is believed to have, a day and a half of
// seconds: what judges it keeps a few numbers for each. Loadgate itself writes
// MaxSlots at most.
const mostSlots = 1 << 17

// MostShards is how many parts a run may have: what judges it names each that is missing.
const MostShards = 10_000

func possible(d time.Duration) bool { return d >= 0 && d <= longest }
