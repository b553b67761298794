package digest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/client/digest"
)

func choose(headers ...string) (*digest.Challenge, bool) {
	var all [][]byte
	for _, header := range headers {
		all = append(all, []byte(header))
	}
	return digest.Choose(slices.Values(all))
}

// The examples of the RFCs, header by header. That of SHA-512-256 is as erratum 4897 corrects it, and that of RFC 2069
// as erratum 749 does.
func TestExamplesOfTheRFCs(t *testing.T) {
	t.Parallel()
	const (
		modern = `realm="http-auth@example.org", qop="auth, auth-int", ` +
			`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
			`opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
		modernNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
		modernTail  = `, qop=auth, nc=00000001, cnonce="` + modernNonce +
			`", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
		modernHead = `Digest username="Mufasa", realm="http-auth@example.org", ` +
			`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="/dir/index.html", response="`
	)
	for _, tt := range []struct {
		name, challenge string
		who             digest.Credentials
		target, nonce   string
		want            string
	}{
		{"RFC 7616, 3.9.1, MD5", "Digest " + modern + ", algorithm=MD5", digest.Credentials{User: "Mufasa",
			Password: "Circle of Life"}, "/dir/index.html", modernNonce,
			modernHead + `8ca523f5e9506fed4657c9700eebdbec", algorithm=MD5` + modernTail},
		{"RFC 7616, 3.9.1, SHA-256", "Digest " + modern + ", algorithm=SHA-256", digest.Credentials{User: "Mufasa",
			Password: "Circle of Life"}, "/dir/index.html", modernNonce,
			modernHead + `753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", algorithm=SHA-256` +
				modernTail},
		{"RFC 7616, 3.9.2", `Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ` +
			`nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ` +
			`opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`,
			digest.Credentials{User: "J\u00e4s\u00f8n Doe", Password: "Secret, or not?"}, "/doe.json",
			"NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
			`Digest username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b", userhash=true, ` +
				`realm="api@example.org", nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", uri="/doe.json", ` +
				`response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5", algorithm=SHA-512-256, ` +
				`qop=auth, nc=00000001, cnonce="NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", ` +
				`opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"`},
		{"RFC 2617, 3.5", `Digest realm="testrealm@host.com", qop="auth,auth-int", ` +
			`nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`,
			digest.Credentials{User: "Mufasa", Password: "Circle Of Life"}, "/dir/index.html", "0a4f113b",
			`Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ` +
				`uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", qop=auth, nc=00000001, ` +
				`cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41"`},
		{"RFC 2069, 2.4", `Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ` +
			`opaque="5ccc069c403ebaf9f0171e9517f40e41"`,
			digest.Credentials{User: "Mufasa", Password: "CircleOfLife"}, "/dir/index.html", "0a4f113b",
			`Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ` +
				`uri="/dir/index.html", response="1949323746fe6a43ef61f9606e7febea", ` +
				`opaque="5ccc069c403ebaf9f0171e9517f40e41"`},
	} {
		c, ok := choose(tt.challenge)
		if !ok {
			t.Errorf("%s: the challenge is not answered", tt.name)
			continue
		}
		if got := c.Answer(tt.who, tt.nonce).Next("GET", tt.target); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// Which challenge is answered, by its nonce; "": none.
func TestChoose(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		headers []string
		nonce   string
	}{
		{nil, ""},
		{[]string{""}, ""},
		{[]string{`Basic realm="x"`}, ""},
		{[]string{`Digest nonce="n"`}, "n"},
		{[]string{`digest NONCE=n, ReAlM = "x"`}, "n"},
		{[]string{`Digest realm="x"`}, ""},
		{[]string{`Digest nonce=""`}, ""},
		{[]string{`Digest`, `Digest nonce="n"`}, "n"},
		{[]string{`Basic realm="a, Digest nonce=\"no\"", Digest realm="x", nonce="n"`}, "n"},
		{[]string{`Negotiate, NTLM abc/+==, Digest nonce="n"`}, "n"},
		{[]string{`Negotiate abc=`, `Digest nonce="n"`}, "n"},
		{[]string{`Digest nonce="n", Basic realm="x"`}, "n"},
		{[]string{`Digest nonce="1", algorithm=TOKEN, Digest nonce="2"`}, "2"},
		{[]string{`Digest nonce="1", algorithm=SHA-512-256-sess, qop=auth, Digest nonce="2"`}, "1"},
		{[]string{`Digest nonce="1", algorithm="sha-256", Digest nonce="2", algorithm=MD5`}, "1"},
		{[]string{`Digest nonce="1", algorithm=MD5-sess`}, ""}, // without a quality there is no client nonce
		{[]string{`Digest nonce="1", algorithm=MD5-sess, qop="auth"`}, "1"},
		{[]string{`Digest nonce="1", qop="auth-int"`}, ""},
		{[]string{`Digest nonce="1", qop="auth-int,	AUTH"`}, "1"},
		{[]string{`Digest nonce="1", qop=""`}, ""},
		{[]string{`Digest nonce="1", nonce="2", Digest nonce="3"`}, "3"},
		{[]string{`Digest nonce="1", unknown="\"x\\", other=, Basic`}, "1"},
		{[]string{`Digest nonce="a\"b\\c"`}, `a"b\c`},
		{[]string{`Digest nonce=YWJj/+==, realm=x`}, "YWJj/+=="},
		{[]string{`,, Digest  ,nonce="1",,realm="x" ,`}, "1"},
		{[]string{`Digest nonce="1`, `Digest nonce="2"`}, "2"},
		{[]string{`Digest nonce="1\`}, ""},
		{[]string{"Digest nonce=\"1\x01\""}, ""},
		{[]string{`Digest nonce="1"; realm="x"`}, ""},
		{[]string{`nonce="1"`}, ""},
	} {
		c, ok := choose(tt.headers...)
		if ok != (tt.nonce != "") || ok && c.Nonce != tt.nonce {
			t.Errorf("Choose(%q) = %+v, %v, want nonce %q", tt.headers, c, ok, tt.nonce)
		}
	}
	for header, stale := range map[string]bool{`Digest nonce=n, stale=TRUE`: true, `Digest nonce=n, stale="true"`: true,
		`Digest nonce=n, stale=false`: false, `Digest nonce=n`: false} {
		if c, ok := choose(header); !ok || c.Stale != stale {
			t.Errorf("%s: Stale of %+v, want %v", header, c, stale)
		}
	}
}

// A user goes out in a form that a header can carry, whatever is in the name.
func TestNamesOfUsers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ user, parameters, want string }{
		{"ann", "", `username="ann", `},
		{`a"b\c`, "", `username="a\"b\\c", `},
		{"J\u00e4s\u00f8n Doe", "", "username=\"J\u00e4s\u00f8n Doe\", "},
		{"J\u00e4s\u00f8n Doe", ", charset=UTF-8", `username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, `},
		{"a\r\nX: y", "", `username*=UTF-8''a%0D%0AX%3A%20y, `},
		{"a\x7f", "", `username*=UTF-8''a%7F, `},
		{"ann", ", charset=UTF-8, userhash=false", `username="ann", `},
	} {
		c, ok := choose(`Digest nonce="n"` + tt.parameters)
		if !ok {
			t.Fatal(tt.parameters)
		}
		value := c.Answer(digest.Credentials{User: tt.user, Password: "p"}, "c").Next("GET", "/")
		if !strings.HasPrefix(value, "Digest "+tt.want) {
			t.Errorf("user %q%s: %s, want %s", tt.user, tt.parameters, value, tt.want)
		}
	}
}

// The key of an algorithm that ends in -sess is of the two nonces too. The responses are computed by another program.
func TestSessions(t *testing.T) {
	t.Parallel()
	for algorithm, want := range map[string]string{
		"MD5-sess":         "8e3825c57e897f5a0dec6c2d4e5059d0",
		"SHA-256-sess":     "b8822e12417cb7750f4e2b8515f0dcf25b7dd26993e80bee1426201446a7f59b",
		"SHA-512-256-sess": "0d21f0db3ec5cda5b850c0afa3bc29b4a3c5a6191959ff1baf511d4b38eb6b1e",
	} {
		c, ok := choose(`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop=auth, ` +
			`algorithm=` + algorithm)
		if !ok {
			t.Fatal(algorithm)
		}
		who := digest.Credentials{User: "Mufasa", Password: "Circle Of Life"}
		value := c.Answer(who, "0a4f113b").Next("GET", "/dir/index.html")
		if !strings.Contains(value, `response="`+want+`", algorithm=`+algorithm+",") {
			t.Errorf("%s: %s, want response %s", algorithm, value, want)
		}
	}
}

// The count grows with each request, and the answer depends on it, on the method and on the target.
func TestNext(t *testing.T) {
	t.Parallel()
	c, _ := choose(`Digest nonce="n", qop=auth, opaque=""`)
	a := c.Answer(digest.Credentials{User: "u", Password: "p"}, "c")
	seen := map[string]bool{}
	for n, request := range []string{"GET /", "GET /", "POST /", "GET /x?a=\"b\\"} {
		method, target, _ := strings.Cut(request, " ")
		value := a.Next(method, target)
		if want := fmt.Sprintf("nc=%08x", n+1); !strings.Contains(value, want) {
			t.Errorf("%s: %s, want %s", request, value, want)
		}
		_, response, _ := strings.Cut(value, `response="`)
		response, _, _ = strings.Cut(response, `"`)
		if len(response) != 32 || seen[response] {
			t.Errorf("%s: response %q again", request, response)
		}
		seen[response] = true
		if !strings.HasSuffix(value, `, opaque=""`) {
			t.Errorf("%s: an opaque that is empty is not sent back", value)
		}
	}
	if value := a.Next("GET", `/"\`); !strings.Contains(value, `, uri="/\"\\", `) {
		t.Errorf("%s: the target is not quoted", value)
	}
}

// What is printed has no password.
func TestCredentialsHideThePassword(t *testing.T) {
	t.Parallel()
	who := digest.Credentials{User: "ann", Password: "hunter2"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		for _, value := range []any{who, &who, struct{ C digest.Credentials }{who}} {
			if text := fmt.Sprintf(format, value); strings.Contains(text, "hunter2") {
				t.Errorf("%s prints %s", format, text)
			}
		}
	}
}

// Whatever a server asks, the answer is one header that says what was asked.
func FuzzChoose(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="x", nonce="n", qop="auth, auth-int", algorithm=SHA-256, opaque="o", stale=true`,
		`Basic realm="a\"b", Digest nonce=n, userhash=true, charset=UTF-8`,
		`Negotiate abc==, NTLM, Digest nonce="a,b", =, a=b=c`,
		`Digest nonce="1", nonce="2"`, `Digest "`, `,,,`, "Digest nonce=\"\x80\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		c, ok := choose(header)
		if !ok {
			return
		}
		if c.Nonce == "" || !strings.Contains(strings.ToLower(header), "digest") {
			t.Fatalf("%q: %+v", header, c)
		}
		a := c.Answer(digest.Credentials{User: "u\r\n", Password: "p"}, "cn")
		value := a.Next("GET", "/x")
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
			t.Fatalf("%q is answered with %q", header, value)
		}
		// An answer has the form of a challenge: what a server reads is the nonce that it wrote.
		back, ok := choose(strings.Replace(value, "qop=auth, ", `qop="auth", `, 1))
		if !ok || back.Nonce != c.Nonce || back.Realm != c.Realm {
			t.Fatalf("%q: %q is read as %+v, want %+v", header, value, back, c)
		}
	})
}
