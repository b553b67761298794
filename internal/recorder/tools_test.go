package recorder_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/loadgate/loadgate/internal/recorder"
)

// certificate is the file by which tools trust the recorder.
func certificate(t *testing.T, r *recorder.Recorder) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, r.Certificate(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// sameAnswers says what a tool asked for over HTTP and over TLS, and whether it was recorded.
func sameAnswers(t *testing.T, ask func(r *recorder.Recorder, address string) string) {
	t.Helper()
	secure, roots := serveTLS(t, echo)
	for _, service := range []string{serve(t, echo).String(), secure.String()} {
		r := listen(t, recorder.Options{Roots: roots})
		got := ask(r, service+"/orders?x=1")
		want := "POST " + parse(t, service).Host + " /orders?x=1\nhello"
		if strings.TrimSpace(got) != want {
			t.Errorf("%s was answered with %q", service, got)
		}
		if x := only(t, r); x.Method != "POST" || x.URL != service+"/orders?x=1" || string(x.Body) != "hello" {
			t.Errorf("recorded: %+v", x)
		}
	}
}

func TestCurl(t *testing.T) {
	sameAnswers(t, func(r *recorder.Recorder, address string) string {
		return tool(t, nil, "curl", "-sS", "--noproxy", "", "--proxy", r.URL(), "--cacert", certificate(t, r),
			"-d", "hello", address)
	})
}

func TestPythonRequests(t *testing.T) {
	if exec.Command("python3", "-c", "import requests").Run() != nil {
		t.Skip("there is no Python with requests here")
	}
	sameAnswers(t, func(r *recorder.Recorder, address string) string {
		env := []string{"HTTP_PROXY=" + r.URL(), "HTTPS_PROXY=" + r.URL(), "http_proxy=" + r.URL(),
			"https_proxy=" + r.URL(), "NO_PROXY=", "no_proxy=", "REQUESTS_CA_BUNDLE=" + certificate(t, r)}
		return tool(t, env, "python3", "-c",
			"import requests, sys; print(requests.post(sys.argv[1], data='hello').text)", address)
	})
}

// A browser that trusts the recording's certificate by its pin shows a page over TLS, and what its script asks for.
func TestChromium(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no Chromium here")
	}
	service, roots := serveTLS(t, page)
	r := listen(t, recorder.Options{Roots: roots})
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path),
		chromedp.NoSandbox, chromedp.Env("TMPDIR="+t.TempDir()), chromedp.ProxyServer(r.URL()),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("ignore-certificate-errors-spki-list", r.Pin()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(service.String()), chromedp.WaitVisible("#done")); err != nil {
		t.Fatal(err)
	}
	title, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.title"))
	if err != nil || title != "shown" {
		t.Errorf("the page's title is %q, %v", title, err)
	}
	if err := chromedp.Cancel(ctx); err != nil {
		t.Error(err)
	}
	var asked []string
	for _, x := range ended(t, r).Exchanges {
		asked = append(asked, strings.TrimPrefix(x.URL, service.String()))
	}
	if !slices.Contains(asked, "/") || !slices.Contains(asked, "/api/me") {
		t.Errorf("recorded: %q", asked)
	}
}
