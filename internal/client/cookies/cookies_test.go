package cookies_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/loadgate/loadgate/internal/client/cookies"
)

// at is a URL of the tests' service.
func at(t *testing.T, path string) *url.URL {
	t.Helper()
	u, err := url.Parse("http://shop.test" + path)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func set(t *testing.T, jar *cookies.Jar, path string, values ...string) {
	t.Helper()
	var all [][]byte
	for _, value := range values {
		all = append(all, []byte(value))
	}
	jar.Set(at(t, path), slices.Values(all), time.Now())
}

// What a service sets comes back byte for byte, as from a browser.
func TestCookiesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ set, name, value, sent string }{
		{`a=1`, "a", `1`, `a=1`},
		{`a="b c"; Path=/`, "a", `b c`, `a="b c"`},
		{`a="b\"c\054d"; Path=/; HttpOnly`, "a", `b\"c\054d`, `a="b\"c\054d"`},
		{`a={"id":1,"n":"x\\y"}`, "a", `{"id":1,"n":"x\\y"}`, `a={"id":1,"n":"x\\y"}`},
		{"a=gr\u00fc\u00df; Path=/", "a", "gr\u00fc\u00df", "a=gr\u00fc\u00df"},
		{`cart[2]=b`, "cart[2]", `b`, `cart[2]=b`},
		{` a = b=c ;Path=/`, "a", `b=c`, `a=b=c`},
		{`a=`, "a", ``, `a=`},
		{"a=b\x01c", "a", ``, ``},
		{`=b`, "", ``, ``},
		{`a`, "a", ``, ``},
		{`a=1; Domain=example.com`, "a", ``, ``},
		{`a=1; Max-Age=0`, "a", ``, ``},
	} {
		var jar cookies.Jar
		if !jar.Empty() || jar.Header(at(t, "/")) != "" || jar.Value(tt.name) != "" {
			t.Fatal("a new jar has cookies")
		}
		set(t, &jar, "/", tt.set)
		if got := jar.Value(tt.name); got != tt.value {
			t.Errorf("%q: Value(%q) = %q, want %q", tt.set, tt.name, got, tt.value)
		}
		if got := jar.Header(at(t, "/x")); got != tt.sent {
			t.Errorf("%q: %q is sent, want %q", tt.set, got, tt.sent)
		}
		if tt.sent != "" && jar.Empty() {
			t.Errorf("%q: the jar is empty", tt.set)
		}
	}
}

// Cookies of many paths are bounded as those of one are. A full jar still takes
// new values of what it has, and makes room where one is taken back.
func TestCookiesOfManyPathsAreBounded(t *testing.T) {
	t.Parallel()
	var jar cookies.Jar
	sent := func(path string) string { return jar.Header(at(t, path+"/x")) }
	paths := func() (held int) {
		for n := range 300 {
			if sent(fmt.Sprint("/item/", n)) != "" {
				held++
			}
		}
		return held
	}
	for n := range 300 {
		path := fmt.Sprint("/item/", n)
		set(t, &jar, path+"/x", "c=1;Path="+path)
	}
	if held := paths(); held != 180 {
		t.Errorf("%d of 300 cookies are sent, want 180", held)
	}
	set(t, &jar, "/item/1/x", "c=2") // of the same path, as none is written
	if got := sent("/item/1"); got != "c=2" {
		t.Errorf("a new value is sent as %q, want c=2", got)
	}
	set(t, &jar, "/item/2/x", "c=;Max-Age=0")
	set(t, &jar, "/item/299/x", "c=3")
	if gone, come, held := sent("/item/2"), sent("/item/299"), paths(); gone != "" || come != "c=3" || held != 180 {
		t.Errorf("after one was taken back %q and %q are sent, %d in all; want none, c=3, 180", gone, come, held)
	}
}
