package cli_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// What a command answers is shown whole on a narrow screen, and a log follows its end unless somebody reads above it.
func TestOutputInBrowser(t *testing.T) {
	ctx := browser(t)
	complaints(t, ctx)
	steps(t, ctx, chromedp.EmulateViewport(360, 800),
		chromedp.Navigate(startUI(t, "--demo", "--out", filepath.Join(t.TempDir(), "ui"))))
	until(t, ctx, `document.querySelector(".word")?.textContent === "READY"`)
	value[any](t, ctx, `document.querySelector("[value=plan]").click()`)
	until(t, ctx, `document.querySelector("#said pre")?.textContent.includes("PLAN")`)
	hidden := value[int](t, ctx, `(p => p.scrollHeight - p.clientHeight)(document.querySelector("#said pre"))`)
	if hidden > 2 {
		t.Errorf("%d pixels of the plan are hidden", hidden)
	}

	// As another tab hands on what came.
	value[any](t, ctx, `window.grow = n => new BroadcastChannel("loadgate").postMessage({update: {at: "9999999999." + n,
		sections: [{id: "log", html: "<pre>" + "a line\n".repeat(n) + "</pre>"}]}})`)
	grown := func(n int, scrolled string) {
		t.Helper()
		value[any](t, ctx, fmt.Sprintf("grow(%d)", n))
		until(t, ctx, fmt.Sprintf(
			`(p => p && p.textContent.length === %d * 7 && %s)(document.querySelector("#log pre"))`, n, scrolled))
	}
	grown(1, "p.scrollTop === 0")
	grown(100, "p.scrollTop > 0")
	grown(200, "p.scrollTop + p.clientHeight >= p.scrollHeight - 2")
	value[any](t, ctx, `document.querySelector("#log pre").scrollTop = 50`)
	grown(300, "p.scrollTop === 50")
}
