package exitcode_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/verdict"
)

var (
	table = regexp.MustCompile(`(?m)^\| (?:exit )?code \|.*\n\| ---.*\n((?:\|.*\n)+)`)
	row   = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]*) \|`)
)

// The pages have the codes of the table, in the words of the table: the README in the few of the help.
func TestPagesHaveTheTable(t *testing.T) {
	for page, words := range map[string]func(exitcode.Row) string{
		"docs/exit-codes.md": func(r exitcode.Row) string { return r.Meaning },
		"docs/house.md":      func(r exitcode.Row) string { return r.Meaning },
		"README.md":          func(r exitcode.Row) string { return r.Short },
	} {
		var want, got [][2]string
		for _, r := range exitcode.Table() {
			want = append(want, [2]string{strconv.Itoa(r.Code), words(r)})
		}
		text, err := os.ReadFile(filepath.Join("..", "..", page))
		if err != nil {
			t.Fatal(err)
		}
		found := table.FindSubmatch(text)
		if found == nil {
			t.Errorf("%s has no table of exit codes", page)
			continue
		}
		for _, m := range row.FindAllStringSubmatch(string(found[1]), -1) {
			got = append(got, [2]string{m[1], m[2]})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("exit codes (-table +%s):\n%s", page, diff)
		}
	}
}

// What was not decided never ends with the code of a pass.
func TestOf(t *testing.T) {
	for outcome, want := range map[verdict.Outcome]int{
		verdict.Pass: 0, verdict.Warn: 0, verdict.Fail: 1, verdict.Inconclusive: 3, verdict.Outcome(99): 3,
	} {
		if got := exitcode.Of(outcome); got != want {
			t.Errorf("Of(%v) = %d, want %d", outcome, got, want)
		}
	}
}
