package selfmon_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/selfmon"
)

// work keeps the processor and the collector busy.
func work() (sum int) {
	for i := range 200 {
		block := make([]byte, 1<<20)
		for j := range block {
			block[j] = byte(i * j)
			sum += int(block[j])
		}
	}
	runtime.GC()
	return sum
}

// A reading tells of the time since the last one.
func TestReadSelf(t *testing.T) {
	read := selfmon.Read()
	if work() == 0 {
		t.Fatal("no work was done")
	}
	g := read()
	if g == nil {
		t.Fatal("nothing is known of a process that worked")
	}
	if g.CPU != nil && (*g.CPU < 0 || *g.CPU > 2) || g.Late > g.Wakes || g.Pause < 0 {
		t.Errorf("reading %+v cannot be", *g)
	}
	if runtime.GOOS == "linux" && (g.CPU == nil || *g.CPU == 0 || g.Pause == 0) {
		t.Errorf("reading %+v shows neither work nor collection", *g)
	}
}

// Readings that follow one another at once tell of no shares: there would be nothing to divide by.
func TestReadSelfAtOnce(t *testing.T) {
	read := selfmon.Read()
	began, told := time.Now(), 0
	for range 100 {
		if g := read(); g.CPU != nil || g.Pressure != nil {
			told++
		}
	}
	if most := int(time.Since(began) / (50 * time.Millisecond)); told > most {
		t.Errorf("%d readings tell of shares, and there was time for %d", told, most)
	}
}
