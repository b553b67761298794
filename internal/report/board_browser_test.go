package report_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report/board"
	"github.com/loadgate/loadgate/internal/result"
)

// siteOf writes the board of the runs into a folder.
func siteOf(t *testing.T, runs []baseline.Run, r *result.Result) (folder string, b *board.Board) {
	t.Helper()
	folder = t.TempDir()
	b = board.New(board.Source{
		Runs:   runs,
		Result: func(string) (*result.Result, error) { return r, nil },
		Tally:  func(string) (board.Tally, bool) { return board.TallyOf(r), true },
	}, board.Options{Commits: htmlpage.Web("https://example.org/a/b")})
	for _, p := range b.Pages() {
		path := filepath.Join(folder, filepath.FromSlash(p.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Write(f); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return folder, b
}

// follow runs a script that leaves the page, waits for the next one, and says where it is in its folder.
func follow(t *testing.T, ctx context.Context, folder, script string) string {
	t.Helper()
	leave := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any]("void ("+script+")"))
		return err
	})
	if _, err := chromedp.RunResponse(ctx, leave); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return strings.TrimPrefix(evaluate[string](t, ctx, `location.pathname`), folder+"/")
}

// trailed clicks on a link above the page.
func trailed(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(".trail a")].find(a => a.textContent === %q).click()`, text)
}

// pressed is a key, pressed where the focus is.
func pressed(key string) string {
	return fmt.Sprintf(
		`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true}))`, key)
}

// A reader goes through the whole board from a folder: by clicks, by a click into a chart, and by the keyboard alone.
func TestBoardInBrowser(t *testing.T) {
	runs := fixtureRuns()
	folder, _ := siteOf(t, runs, pagedResult())
	ctx := openIn(t, folder, board.IndexPath)
	narrow := func() {
		t.Helper()
		do(t, ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
		waitFor(t, ctx,
			`[...document.querySelectorAll("figure.chart canvas")].every(c => c.getBoundingClientRect().width <= 360)`)
		if wide := evaluate[int](t, ctx, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("%s is %d wide on a screen of 360", evaluate[string](t, ctx, `location.pathname`), wide)
		}
		do(t, ctx, chromedp.EmulateViewport(1280, 900))
	}
	narrow()
	if n := evaluate[int](t, ctx, `document.querySelectorAll("svg.spark polyline").length`); n < 4 {
		t.Errorf("%d sparklines, want one for each of four endpoints", n)
	}
	at := follow(t, ctx, folder, `document.querySelector("main table a").click()`)
	if !strings.HasPrefix(at, "series/") {
		t.Errorf("the name of an endpoint leads to %s", at)
	}
	narrow()
	if at := follow(t, ctx, folder, trailed("All load tests")); at != board.IndexPath {
		t.Errorf("the way back leads to %s", at)
	}
	nights := nightsOf(runs)
	follow(t, ctx, folder, fmt.Sprintf(`[...document.querySelectorAll("main section")].find(s =>
		s.querySelectorAll(".strip li").length === %d).querySelector("table a").click()`, len(nights)))
	waitFor(t, ctx, drawAll)
	if empty := evaluate[[]string](t, ctx, blank); len(empty) > 0 {
		t.Errorf("nothing is drawn in %q", empty)
	}
	t.Run("dark", func(t *testing.T) {
		do(t, ctx, media("dark"))
		waitFor(t, ctx, drawAll)
		if empty := evaluate[[]string](t, ctx, blank); len(empty) > 0 {
			t.Errorf("nothing is drawn in %q", empty)
		}
	})
	t.Run("keyboard", func(t *testing.T) {
		evaluate[any](t, ctx, `document.querySelector(".plot").focus()`)
		for _, key := range []string{"End", "ArrowLeft", "ArrowLeft"} {
			evaluate[any](t, ctx, "void "+pressed(key))
		}
		want := nights[len(nights)-3]
		text := evaluate[string](t, ctx, `document.querySelector(".u-legend .u-value").textContent`)
		if !strings.Contains(text, want.Started.Format(time.DateOnly)) {
			t.Errorf("the legend says %q, want the run of %s", text, want.Started)
		}
		if at := follow(t, ctx, folder, pressed("Enter")); at != "run/"+want.ID+".html" {
			t.Errorf("Enter leads to %s, want run %s", at, want.ID)
		}
		narrow()
		waitFor(t, ctx, drawAll)
		follow(t, ctx, folder, trailed("tutormax · weekly"))
		waitFor(t, ctx, drawAll)
	})
	t.Run("click", func(t *testing.T) {
		evaluate[any](t, ctx,
			`document.querySelector(".u-over").scrollIntoView({block: "center", behavior: "instant"})`)
		box := evaluate[[]float64](t, ctx,
			`(b => [b.x, b.y, b.width, b.height])(document.querySelector(".u-over").getBoundingClientRect())`)
		if _, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(box[0]+box[2]/2, box[1]+box[3]/2)); err != nil {
			t.Fatal(err)
		}
		if at := evaluate[string](t, ctx, `location.pathname`); !strings.Contains(at, "/run/") {
			t.Errorf("a click into a chart leads to %s", at)
		}
		if at := follow(t, ctx, folder, trailed("compare with it")); !strings.HasPrefix(at, "compare/") {
			t.Errorf("the comparison is at %s", at)
		}
		narrow()
	})
	t.Run("two of many", func(t *testing.T) {
		if at := follow(t, ctx, folder, trailed("any two runs")); at != board.ComparePath {
			t.Errorf("any two runs are at %s", at)
		}
		narrow()
		shown := `document.querySelector(".pick tbody").textContent`
		before := evaluate[string](t, ctx, shown)
		if !strings.Contains(before, "p95") {
			t.Errorf("two runs side by side are %q", before)
		}
		evaluate[any](t, ctx, `(s => { s.selectedIndex = 0; s.dispatchEvent(new Event("change")); })(`+
			`document.querySelector(".pick select"))`)
		waitFor(t, ctx, fmt.Sprintf(`%s !== %q && location.hash.startsWith("#" + %q)`, shown, before, nights[0].ID))
	})
}

// nightsOf are the fixture's runs of the one load on the one machine.
func nightsOf(runs []baseline.Run) []baseline.Run {
	return slices.DeleteFunc(baseline.Ordered(runs),
		func(r baseline.Run) bool { return r.Kind() != runs[0].Kind() })
}

// What branches, endpoints, commits and people are called is text on every page, and no part of an address.
func TestHostileBoardInBrowser(t *testing.T) {
	const attack = `</script><script>window.owned=1</script><img src=x onerror="window.owned=2">"'` +
		"`${owned=3}<!--\u202e\x1b[2J"
	runs := fixtureRuns()
	for i := range runs {
		r := &runs[i]
		r.Name, r.Profile, r.Target, r.Why = attack, attack, "javascript:owned=4//"+attack, attack
		r.Origin.Branch, r.Origin.Commit, r.Origin.Runner = attack, "../../"+attack, result.Runner{Name: attack}
		r.ID = fmt.Sprintf("%s/../../%d", attack, i)
		r.Marks = []baseline.Mark{{Accepted: i%2 == 0, Reason: attack, By: attack, At: r.Started}}
		for k := range r.Figures {
			r.Figures[k].Endpoint = attack + r.Figures[k].Endpoint
		}
	}
	folder, b := siteOf(t, runs, pagedResult())
	seen := map[string]bool{}
	for _, p := range b.Pages() {
		kind, _, _ := strings.Cut(p.Path, "/")
		if seen[kind] {
			continue // one page of each kind
		}
		seen[kind] = true
		ctx := openIn(t, folder, p.Path)
		waitFor(t, ctx, drawAll)
		if owned := evaluate[bool](t, ctx, `"owned" in window`); owned {
			t.Errorf("%s: a script of a run ran", p.Path)
		}
		if n := evaluate[int](t, ctx, `document.querySelectorAll("img, iframe, object, [onerror], `+
			`a:not([href^='#']):not([href^='../']):not([href^='run/']):not([href^='series/']):not([href^='compare'])`+
			`:not([href^='index'])").length`); n != 0 {
			t.Errorf("%s: %d elements that the page does not have", p.Path, n)
		}
		if !evaluate[bool](t, ctx, `document.body.textContent.includes("<img src=x onerror=")`) {
			t.Errorf("%s: the text of the attack does not stand on the page as text", p.Path)
		}
	}
}
