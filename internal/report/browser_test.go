package report_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/loadgate/loadgate/internal/hist"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/result"
)

// open shows a page in a real browser and returns a context for actions on it.
// Whatever the browser complains of, and whatever it asks the network for, is
// an error of the test.
func open(t *testing.T, html []byte) context.Context {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "report.html"), html, 0o600); err != nil {
		t.Fatal(err)
	}
	return openIn(t, folder, "report.html")
}

// openIn is open for a page among others of a folder, which links may lead to.
func openIn(t *testing.T, folder, first string) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium here to open the page in")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(1280, 900),
		chromedp.Env("TMPDIR="+t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)

	place := (&url.URL{Scheme: "file", Path: folder}).String() + "/"
	var mu sync.Mutex
	var complaints []string
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		complaints = append(complaints, fmt.Sprintf(format, args...))
	}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			complain("console.%s: %v", e.Type, e.Args)
		case *runtime.EventExceptionThrown:
			complain("exception: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			complain("log: %s", e.Entry.Text)
		case *page.EventJavascriptDialogOpening:
			complain("dialog: %s", e.Message)
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, place) || !strings.HasSuffix(e.Request.URL, ".html") {
				complain("request: %s", e.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, c := range complaints {
			t.Errorf("the browser says: %s", c)
		}
	})
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	do(t, ctx, command(network.Enable, network.EnableParams{}),
		command(log.Enable, cdp.Empty{}), media("light"), chromedp.Navigate(place+first))
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// command is a command of the browser's protocol whose answer does not matter.
func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

// media sets what a reader prefers; nothing moves by itself in a test.
func media(scheme string) chromedp.Action[chromedp.Void] {
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// evaluate runs a script in the page.
func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return got
}

// waitFor polls the page until a script says true.
func waitFor(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](script, chromedp.WithPollingTimeout(time.Minute))); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
}

// drawAll scrolls to every chart and waits until all of them are drawn.
const drawAll = `(() => {
	const missing = document.querySelector("figure.chart:not([data-drawn])");
	missing?.scrollIntoView();
	return !missing;
})()`

// blank counts the charts without a line or bar: whose canvas has no pixel of a
// colour that is no grey.
const blank = `[...document.querySelectorAll("figure.chart canvas")].filter(canvas => {
	const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height }).getContext("2d", { willReadFrequently: true });
	copy.drawImage(canvas, 0, 0);
	const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
	for (let i = 0; i < data.length; i += 4) {
		if (data[i+3] > 200 && Math.max(data[i], data[i+1], data[i+2]) - Math.min(data[i], data[i+1], data[i+2]) > 60) return false;
	}
	return true;
}).map(canvas => canvas.getAttribute("aria-label"))`

// pagedResult is the fixture's run with a generator that lagged.
func pagedResult() *result.Result {
	r := fixtureResult()
	for i := range r.Timeline {
		var lag hist.Latency
		lag.Record(time.Duration(i) * 100 * time.Microsecond)
		r.Timeline[i].Lag = lag.Sparse()
		r.Timeline[i].Generator = &result.Generator{CPU: new(0.1 + float64(i%7)/100), CPUs: 2}
	}
	return r
}

func TestPageInBrowser(t *testing.T) {
	ctx := open(t,
		formatted(t, "html", content.NewView(pagedResult(), fixtureVerdict(), content.Options{Confidence: 0.95})))

	waitFor(t, ctx, drawAll)
	if charts := evaluate[int](t, ctx, `document.querySelectorAll("figure.chart canvas").length`); charts < 4+2*7 {
		t.Errorf("%d charts are drawn; there are four over time and two for each of seven endpoints", charts)
	}
	if empty := evaluate[[]string](t, ctx, blank); len(empty) > 0 {
		t.Errorf("nothing is drawn in %q", empty)
	}

	t.Run("sort", func(t *testing.T) { sortTable(t, ctx) })
	t.Run("zoom", func(t *testing.T) { zoom(t, ctx) })
	t.Run("dark", func(t *testing.T) {
		light := evaluate[string](t, ctx, `getComputedStyle(document.body).backgroundColor`)
		do(t, ctx, media("dark"))
		waitFor(t, ctx, fmt.Sprintf(`getComputedStyle(document.body).backgroundColor !== %q`, light))
		if empty := evaluate[[]string](t, ctx, blank); len(empty) > 0 {
			t.Errorf("nothing is drawn in %q", empty)
		}
	})
	t.Run("phone", func(t *testing.T) {
		do(t, ctx, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
		waitFor(t, ctx,
			`[...document.querySelectorAll("figure.chart canvas")].every(c => c.getBoundingClientRect().width <= 360)`)
		if wide := evaluate[int](t, ctx, `document.documentElement.scrollWidth`); wide > 360 {
			t.Errorf("the page is %d wide on a screen of 360", wide)
		}
	})
	t.Run("print", func(t *testing.T) {
		pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF())
		if err != nil || len(pdf) < 10_000 {
			t.Errorf("the print is %d bytes: %v", len(pdf), err)
		}
		// Paper is as wide as it is, whatever the window was.
		evaluate[any](t, ctx, `void dispatchEvent(new Event("beforeprint"))`)
		widths := evaluate[[]int](t, ctx,
			`[...new Set([...document.querySelectorAll("figure.chart .u-wrap")].map(w => w.offsetWidth))]`)
		if !slices.Equal(widths, []int{640}) {
			t.Errorf("charts on paper are %v wide", widths)
		}
	})
}

// sortTable clicks on p95 twice.
func sortTable(t *testing.T, ctx context.Context) {
	const column = `(() => {
		const table = [...document.querySelectorAll("table.sortable")].find(t => [...t.tHead.rows[0].cells].some(h => h.textContent === "p95"));
		const at = [...table.tHead.rows[0].cells].findIndex(h => h.textContent === "p95");
		return { table, at, head: table.tHead.rows[0].cells[at] };
	})()`
	click := column + `.head.querySelector("button").click()`
	values := `(({ table, at }) => [...table.tBodies[0].rows].map(r => Number(r.cells[at].dataset.sort)))(` +
		column + `)`
	before := evaluate[[]float64](t, ctx, values)
	for _, order := range []string{"descending", "ascending"} {
		evaluate[any](t, ctx, click)
		got := evaluate[[]float64](t, ctx, values)
		want := slices.Sorted(slices.Values(before))
		if order == "descending" {
			slices.Reverse(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", order, got, want)
		}
		if state := evaluate[string](t, ctx, column+`.head.getAttribute("aria-sort")`); state != order {
			t.Errorf("aria-sort is %s, want %s", state, order)
		}
	}
	if last := evaluate[string](t, ctx, column+`.table.tFoot.textContent.trim()`); !strings.HasPrefix(last,
		"all endpoints") {
		t.Errorf("below the table stands %q, want the sum", last)
	}
}

// zoom drags over a stretch of the first chart, and back with a double click.
func zoom(t *testing.T, ctx context.Context) {
	const canvas, picture = `document.querySelector("figure.chart canvas")`,
		`document.querySelector("figure.chart canvas").toDataURL()`
	evaluate[any](t, ctx, canvas+`.scrollIntoView({block: "center", behavior: "instant"})`)
	box := evaluate[[]float64](t, ctx,
		`(b => [b.x, b.y, b.width, b.height])(document.querySelector("figure.chart .u-over").getBoundingClientRect())`)
	before := evaluate[string](t, ctx, picture)
	y, from, to := box[1]+box[3]/2, box[0]+box[2]*0.4, box[0]+box[2]*0.7
	do(t, ctx, chromedp.DragAndDropXY(from, y, to, y))
	waitFor(t, ctx, fmt.Sprintf("%s !== %q", picture, before))
	do(t, ctx, chromedp.MouseClickXY(from, y, chromedp.ClickCount(2)))
	waitFor(t, ctx, fmt.Sprintf("%s === %q", picture, before))
}

// What a target answers, and what a file calls things, is text on the page.
func TestHostilePageInBrowser(t *testing.T) {
	const attack = `</script><script>window.owned=1</script><img src=x onerror="window.owned=2">"'` +
		"`${owned=3}<!--\u202e\x1b[2J"
	r, v := fixtureResult(), fixtureVerdict()
	r.Name, r.Profile, r.Target = attack, attack, "javascript:owned=4//"+attack
	r.Origin = result.Origin{Commit: attack, Branch: attack, Runner: result.Runner{Name: attack}}
	for i := range r.Endpoints {
		r.Endpoints[i].Name = attack + r.Endpoints[i].Name
		for k := range r.Endpoints[i].Failures {
			r.Endpoints[i].Failures[k].Detail, r.Endpoints[i].Failures[k].Sample = attack, attack
		}
	}
	for i := range v.Checks {
		c := &v.Checks[i]
		c.Rule, c.Subject, c.Because, c.Remedies, c.Pos.File = c.Rule+attack,
			attack, says(attack), advises(attack), attack
		c.Endpoints = []string{r.Endpoints[i%len(r.Endpoints)].Name}
	}
	ctx := open(t, formatted(t, "html", content.NewView(r, v, content.Options{})))
	waitFor(t, ctx, drawAll)
	if owned := evaluate[bool](t, ctx, `"owned" in window`); owned {
		t.Error("a script of the target ran")
	}
	if n := evaluate[int](t, ctx,
		`document.querySelectorAll("img, iframe, object, a[href]:not([href^='#']), [onerror], `+
			`script:not(#charts)").length`); n != 1 {
		t.Errorf("%d elements that the page does not have, or fewer than its own script", n)
	}
	if !evaluate[bool](t, ctx, `document.body.textContent.includes("<img src=x onerror=")`) {
		t.Error("the text of the attack does not stand on the page as text")
	}
}
