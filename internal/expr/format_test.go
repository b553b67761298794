package expr_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/expr"
)

// Forms that services want. The digests are those of RFC 4231, section 4.3, and of
// FIPS 180-2, appendices A.1, B.1 and C.1, and for HMAC-SHA1 of RFC 2202, section 3.
func TestForms(t *testing.T) {
	for source, want := range map[string]any{
		`pad(17, 6)`: "000017", `pad(-17, 6)`: "-00017", `pad("a", 3)`: "00a",
		`pad("a", 3, " ")`: "  a", `pad("é", 2, "ä")`: "äé", `pad(1234567, 6)`: "1234567",
		`pad(seq(), 4)`: "0003", `pad(body.price, 6)`: "001.10", `pad("-a", 4)`: "00-a",
		`format("%06d", 17)`: "000017", `format("%s-%04d", "a", body.id)`: "a-0007",
		`format("%.2f", body.price)`: "1.10", `format("%x %X", 255, 255)`: "ff FF",
		`format("100%% %5s|%-4s|", "a", "b")`: "100%     a|b   |",
		`format("%d", 2.0)`:                   "2", `format("%+.1e", 1500)`: "+1.5e+03",
		`format("%s", now())`:                                 "1795435200",
		`format("%Y-%m-%d", now())`:                           "2026-11-23",
		`format("%d.%m.%y %H:%M:%S.%L", now() + seconds(61))`: "23.11.26 12:01:01.123",
		`format("%FT%TZ", now())`:                             "2026-11-23T12:00:00Z",
		`format("%j %a %B %I %p %%", now())`:                  "327 Mon November 12 PM %",
		`now() + seconds(90)`:                                 noon.Add(90 * time.Second), `epoch(now())`: 1795435200,
		`epochMs(now())`: 1795435200123, `epoch(now() - days(1)) + 86400 == epoch(now())`: true,
		`sha256("abc")`: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		`sha1("abc")`:   "a9993e364706816aba3e25717850c26c9cd0d89d",
		`sha512("abc")`: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
			"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",

		`hmac("Jefe", "what do ya want for nothing?", "sha1")`: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		`hmac("Jefe", "what do ya want for nothing?", "sha256")`: "5bdcc146bf60754e6a042426089575c7" +
			"5a003f089d2739839dec58b964ec3843",
		`hmac("Jefe", "what do ya want for nothing?", ` +
			`"sha512")`: "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554" +
			"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
		`hmac("Jefe", "what do ya want for nothing?")`: "5bdcc146bf60754e6a042426089575c7" +
			"5a003f089d2739839dec58b964ec3843",
		`toBase64(fromHex(hmac("Jefe", "what do ya want for nothing?")))`: "W9zBRr9gdU5qBCQmCJV1x1" +
			"oAPwidJzmDnexYuWTsOEM=",
		`fromHex("4a")`: "J", `urlEncode("a b&c/é+")`: "a%20b%26c%2F%C3%A9%2B",
		`urlDecode("abc%3D+%2B%c3%a9")`: "abc=++é", `urlDecode(urlEncode("x=%41 +")) == "x=%41 +"`: true,
		`extract("csrf=t0k;", "csrf=([a-z0-9]+)")`: "t0k", `extract("id 42", "[0-9]+")`: "42",
		`extract("a-b", "(.)-(.)", 2)`: "b", `extract("a-b", "(.)-(.)", 0)`: "a-b",
		`extract("x", "y")`: nil, `extract("ac", "a(b)?c")`: nil,
		`int(extract("page 7 of 9", "of ([0-9]+)"))`: 9, `extract(body.text, "(?i)^a")`: "A",
	} {
		t.Run(source, func(t *testing.T) {
			if diff := cmp.Diff(want, eval(t, compile(t, newScope(), source), newAnswered())); diff != "" {
				t.Errorf("Eval (-want +got):\n%s", diff)
			}
		})
	}
}

// A form that no value fits is a mistake of the file; other mistakes show in the run.
func TestFormsThatAreWrong(t *testing.T) {
	for source, want := range map[string]string{
		`extract(token, "(")`: "missing closing )", `extract(token, label)`: "write it in quotes",
		`format("%q", 1)`:    `"%q" is no %s`,
		`format("%d", 1, 2)`: "has 2 values and 1 place", `format("50%", 1)`: "write %% for a percent sign",
		`epoch(1)`: "epoch needs a time", `pad(1)`: "pad does not take 1 argument",
		`cookies`: `write cookies["session"]`, `cookie.a`: "did you mean cookies?",
		`format("%Q", now())`: `"%Q" is no %s`, `sha256(1)`: "sha256 needs text",
		`hmac("a", "b", "md5")`: `"md5" is not a hash that hmac takes; write "sha1"`,
	} {
		if _, err := newScope().Compile(source); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Compile(%s) = %v, want %s", source, err, want)
		}
	}
	for source, want := range map[string]string{
		`format("%d", body.text)`: "%d needs a whole number, got text",
		`format("%f", body.none)`: "%f needs a number, got nil", `format("%Y", body.id)`: "is no %s",
		`format(body.text + "%", now())`: "ends with a %", `epoch(body.id)`: "epoch needs a time, got a number",
		`pad(body.none, 3)`: "pad: nil has no text",
		`pad(1, 3, "ab")`:   "pad fills with one character", `pad(1, 99999999)`: "more than 16 MiB",
		`fromHex("4")`: "is not hexadecimal", `urlDecode("%zz")`: "begins no escape",
		`format("%d %d", body.id)`:   "more places than values",
		`extract(body.text, "a", 4)`: "has no group 4", `extract(body.none, "a")`: "extract needs text, got nil",
		`format("%s", body.nested)`: "a map has no text",
	} {
		p, err := newScope().Compile(source)
		if err == nil {
			_, err = p.Eval(newAnswered())
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Eval(%s): %v, want %s", source, err, want)
		}
	}
}

// Cookies are those that the user holds; a name of one's own wins.
func TestCookies(t *testing.T) {
	env := newAnswered()
	p := compile(t, newScope(), `cookies.csrftoken`)
	if got := eval(t, p, env); got != nil {
		t.Errorf("without cookies: %v", got)
	}
	env.SetCookies(
		func(name string) string { return map[string]string{"csrftoken": "T0K", "XSRF-TOKEN": "a%3D"}[name] })
	for source, want := range map[string]any{
		`cookies.csrftoken`: "T0K", `urlDecode(cookies["XSRF-TOKEN"])`: "a=",
		`cookies.none`: nil, `cookies.none ?? "-"`: "-", `cookies["csrf" + "token"]`: "T0K",
	} {
		if got := eval(t, compile(t, newScope(), source), env); got != want {
			t.Errorf("%s = %v, want %v", source, got, want)
		}
	}
	if !expr.Reserved("cookies") || !expr.Reserved("pad") {
		t.Error("cookies or pad may name a var")
	}
}
