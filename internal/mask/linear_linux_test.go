package mask_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/loadgate/loadgate/internal/mask"
)

// Masking takes time in proportion to the text, whatever a service writes: 8 times the
// text may not take the 64 times that its square would. Time is the processor time of this
// thread, so that other processes do not count; garbage collection may, hence several tries.
// Below 16 KiB fixed costs are most of it.
func TestMaskIsLinear(t *testing.T) {
	secrets := []string{"Xk7pQ2mWz9Lt", "a-b-c-d-e-f"}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, unit := range []string{
		"58:", "58 6b\n", "0x58,", "0x", "5:86:", "WGs3\n", "WGs3 cF ",
		"a-", "--", "·a", "88, ", "888, ", "=58", "=", "= ", `\130`,
		`\000058 `, `\`, `\u{`, "%", "&", " ", "\n", "~", "586b37705132",
		"X", "Xk7pQ2mWz9L", "X-k-7-p-Q-2-m-W-z-9-L-t ", "58:6b:37:70:51:32:6d:57:7a:39:4c:74,", "…",
		"00000000  61 61 61  |aaa|\n", "61  ", "00000000 61\n",
		"0001 0001 ", "<b>", "<", "\x1b[", "\b", "a\b", `"k",`, `"1":`, "1:", "[7] ", "0x58 ", "Xk7p-Q2mW-",
		"a-b-", "lbvt o4cr ", "lbvto4crgi", `\7`, `\x{6b}`, "９", "(1)(2)", "01011000 ",
	} {
		took := func(size int) time.Duration {
			text := strings.Repeat(unit, size/len(unit))
			runtime.GC()
			start := threadTime(t)
			mask.Head(text, len(text)-1, secrets)
			return threadTime(t) - start
		}
		var small, large time.Duration
		for range 8 {
			small, large = took(1<<14), took(1<<17)
			if large < 30*small {
				break
			}
		}
		if large >= 30*small {
			t.Errorf("%q: %v for 16 KiB and %v for 128 KiB, want about 8 times as long", unit, small, large)
		}
	}
}

// threadTime is the processor time that the calling thread has used.
func threadTime(t *testing.T) time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Nano())
}
