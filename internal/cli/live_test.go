package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/loadgate/loadgate/internal/cli"
	"github.com/loadgate/loadgate/internal/exitcode"
)

// wire carries connections to a server until it is cut, and again when it is mended.
type wire struct {
	listener net.Listener
	to       string
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]bool
	all      sync.WaitGroup
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: to, open: map[net.Conn]bool{}}
	w.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			w.all.Go(func() { w.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		w.setCut(true)
		w.all.Wait()
	})
	return w
}

func (w *wire) carry(conn net.Conn) {
	defer conn.Close()
	server, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer server.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.open[conn], w.open[server] = true, true
	w.mu.Unlock()
	var both sync.WaitGroup
	for _, pair := range [][2]net.Conn{{conn, server}, {server, conn}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = pair[0].Close()
		})
	}
	both.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, conn)
	delete(w.open, server)
}

func (w *wire) setCut(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.open {
		if cut {
			_ = c.Close()
		}
	}
}

// startUI runs loadgate ui until the test ends, and returns the address that it prints.
func startUI(t *testing.T, args ...string) (address string) {
	t.Helper()
	read, write := io.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		env := cli.Env{Args: append([]string{"ui", "--listen", "127.0.0.1:0"}, args...), Stdin: strings.NewReader(""),
			Stdout: io.Discard, Stderr: write, Getenv: func(string) (string, bool) { return "", false }, Now: time.Now,
			Seed: func() uint64 { return 7 }, Executable: os.Executable}
		if code := cli.Main(ctx, env); code != 0 {
			t.Errorf("ui ended with %d", code)
		}
		_ = write.Close()
	})
	t.Cleanup(func() {
		stop()
		all.Wait()
	})
	lines := bufio.NewReader(read)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal("ui printed no address: ", err)
		}
		if at := regexp.MustCompile(`http://\S+`).FindString(line); at != "" {
			all.Go(func() { _, _ = io.Copy(io.Discard, lines) })
			return at
		}
	}
}

// browser is a Chromium with the page open in a tab.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no Chromium here to open the page in")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path),
		chromedp.NoSandbox, chromedp.WindowSize(360, 800), chromedp.Env("TMPDIR="+t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// complaints are what a tab says is wrong, but for the connection that the test cuts.
func complaints(t *testing.T, ctx context.Context) (streams func() int) {
	t.Helper()
	var mu sync.Mutex
	opened := 0
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("exception: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if !strings.Contains(e.Entry.Text, "net::ERR_") {
				t.Errorf("the browser says: %s", e.Entry.Text)
			}
		case *network.EventRequestWillBeSent:
			mu.Lock()
			defer mu.Unlock()
			if strings.Contains(e.Request.URL, "/events") {
				opened++
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	steps(t, ctx, protocol(network.Enable, network.EnableParams{}), protocol(log.Enable, cdp.Empty{}))
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		return opened
	}
}

func protocol[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, c, params)
		return err
	})
}

func steps(t *testing.T, ctx context.Context, all ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, all...); err != nil {
		t.Fatal(err)
	}
}

// until asks a tab again and again, also while it loads another page, until a script says true.
func until(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	over := time.After(time.Minute)
	for {
		if got, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script)); err == nil && got {
			return
		}
		select {
		case <-again.C:
		case <-over:
			body, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText.slice(0, 3000)"))
			t.Fatalf("never true: %s\n%s %v", script, body, err)
		}
	}
}

func value[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return got
}

// tabTo presses Tab until a field or a button has the focus, as a person without a mouse does.
func tabTo(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for range 100 {
		if value[string](t, ctx, `document.activeElement?.value && document.activeElement.name === "do"
			? document.activeElement.value : document.activeElement?.name || ""`) == name {
			return
		}
		steps(t, ctx, chromedp.KeyEvent(kb.Tab))
	}
	t.Fatalf("the keyboard does not reach %s", name)
}

// A developer starts 60 users from the page, looks on, changes to 80, stops, and reads the verdict: by the keyboard
// alone, on a narrow screen, in the dark, with a second tab open, and with the network cut meanwhile.
func TestUIInBrowser(t *testing.T) {
	t.Parallel()
	ctx := browser(t)
	folder := filepath.Join(t.TempDir(), "ui")
	printed := startUI(t, "--demo", "--out", folder)
	server := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(printed)
	w := newWire(t, server)
	address := strings.Replace(printed, server, w.listener.Addr().String(), 1)

	first := complaints(t, ctx)
	steps(t, ctx, protocol(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}),
		chromedp.EmulateViewport(360, 800), chromedp.Navigate(address))
	until(t, ctx, `document.querySelector(".word")?.textContent === "READY"`)
	if at := value[string](t, ctx, "location.href"); strings.Contains(at, "key") {
		t.Errorf("the key stays in the address: %s", at)
	}

	for name, text := range map[string]string{"users": "60", "time": "2m", "spawn": "60/s"} {
		tabTo(t, ctx, name)
		steps(t, ctx, chromedp.KeyEvent(text))
	}
	tabTo(t, ctx, "time")
	steps(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".word").textContent === "RUNNING" &&
		document.querySelector(".why").textContent.includes("60 users")`)

	second, cancel := chromedp.NewContext(ctx)
	defer cancel()
	streams := complaints(t, second)
	steps(t, second, chromedp.Navigate(strings.Split(address, "#")[0]))
	until(t, second, `document.querySelector(".word").textContent === "RUNNING"`)
	seen := value[string](t, second, `document.querySelector(".why").textContent`)
	until(t, second, fmt.Sprintf(`document.querySelector(".why").textContent !== %q`, seen))
	if n := streams(); n > 0 {
		t.Errorf("the second tab opened %d streams of its own", n)
	}
	if n := first(); n != 1 {
		t.Errorf("the first tab opened %d streams", n)
	}

	w.setCut(true)
	for _, tab := range []context.Context{ctx, second} {
		until(t, tab, `!document.querySelector(".cut").hidden`)
	}
	w.setCut(false)
	for _, tab := range []context.Context{ctx, second} {
		until(t, tab, `document.querySelector(".cut").hidden`)
	}

	tabTo(t, ctx, "users")
	steps(t, ctx, chromedp.KeyEvent(kb.Backspace), chromedp.KeyEvent(kb.Backspace), chromedp.KeyEvent("80"))
	tabTo(t, ctx, "change")
	steps(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".why").textContent.includes("80 users")`)
	if left := value[string](t, ctx, `document.querySelector("[name=users]").value`); left != "80" {
		t.Errorf("the field of the users holds %q after the change", left)
	}
	if wide := value[int](t, ctx, "document.documentElement.scrollWidth"); wide > 360 {
		t.Errorf("the page is %d pixels wide on a screen of 360", wide)
	}

	tabTo(t, ctx, "stop")
	steps(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".word").textContent === "INCONCLUSIVE" &&
		document.querySelector(".why").textContent.includes("interrupted")`)
	until(t, second, `document.querySelectorAll("#runs tbody tr").length === 2`)
	for _, file := range []string{"001/report.html", "001/result.json", "001/verdict.json", "002/result.json"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			t.Error(err)
		}
	}
	links := value[[]string](t, ctx, `[...document.querySelectorAll("#runs a, #files a")].map(a => a.href)`)
	for _, link := range links {
		if status := value[int](t, ctx, fmt.Sprintf(`(() => { const r = new XMLHttpRequest(); r.open("GET", %q, false);
			r.send(); return r.status; })()`, link)); status != 200 {
			t.Errorf("%s: %d", link, status)
		}
	}
}

// A run with --web shows what it does until its verdict, and ends as without: whoever looks on.
func TestRunWeb(t *testing.T) {
	t.Parallel()
	read, write := io.Pipe()
	var out strings.Builder
	var all sync.WaitGroup
	code := -1
	all.Go(func() {
		code = cli.Main(t.Context(), cli.Env{Args: []string{"run", "--demo", "--profile", "demo", "-t", "12s",
			"--no-try",
			"--web=127.0.0.1:0", "--out", t.TempDir()}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: write,
			Getenv: func(string) (string, bool) { return "", false }, Now: time.Now, Seed: func() uint64 { return 7 }})
		_ = write.Close()
	})
	lines := bufio.NewScanner(read)
	var stream io.ReadCloser
	for lines.Scan() {
		at := regexp.MustCompile(`(http://\S+)/#key=(\S+)`).FindStringSubmatch(lines.Text())
		if at == nil {
			continue
		}
		if answer, err := http.Get(at[1] + "/result.json"); err != nil || answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("without the key: %v, %v", answer, err)
		}
		answer, err := http.Post(at[1]+"/key", "text/plain", strings.NewReader(at[2]))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		r, err := http.NewRequest("GET", at[1]+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(answer.Cookies()[0])
		followed, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		stream = followed.Body
		all.Go(func() { _, _ = io.Copy(io.Discard, read) })
		break
	}
	if stream == nil {
		t.Fatal("the run printed no address")
	}
	defer stream.Close()
	events, err := io.ReadAll(stream)
	all.Wait()
	if err != nil || code != exitcode.Inconclusive {
		t.Errorf("the run ended with %d, its page with %v\n%s", code, err, out.String())
	}
	for _, want := range []string{`"Word":"RUNNING"`, `"Word":"JUDGING"`, `"Word":"INCONCLUSIVE"`,
		"The warm-up goes on",
		"event: end"} {
		if !strings.Contains(string(events), want) {
			t.Errorf("the page never showed %s", want)
		}
	}
}
