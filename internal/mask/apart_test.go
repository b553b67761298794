package mask_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/mask"
	"github.com/loadgate/loadgate/internal/safetext"
)

// apart are texts in which a separator is between the units of a spelling, with
// what is left of them. The secrets are "Qv4-zT8kLm1e" and "Grüße-aus-Köln".
var apart = []struct{ text, want string }{
	{"fp 51:76:34:2d:7a:54:38:6b:4c:6d:31:65, sha1", "fp ***, sha1"},
	{"fp 51 76 34 2D 7A 54 38 6B 4C 6D 31 65; and", "fp ***; and"},
	{"{0x51, 0x76, 0x34, 0x2d, 0x7a, 0x54, 0x38, 0x6b, 0x4c, 0x6d, 0x31, 0x65}", "{***}"},
	{"dump: 5176 342d 7a54 386b\n      4c6d 3165\n", "dump: ***\n"},
	{"UXY0LXpU\r\nOGtMbTFl\r\n", "***\r\n"},
	{"-----BEGIN X-----\nUXY0LXpU\nOGtMbTFl\n-----END X-----", "-----BEGIN X-----\n***\n-----END X-----"},
	{`{"pem": "UXY0\r\nLXpU\r\nOGtMbTFl\r\n"}`, `{"pem": "***\r\n"}`},
	{"Qv4=2DzT=\r\n8kLm=31e ok", "*** ok"},
	{`\121\166\064\055\172\124\070\153\114\155\061\145`, "***"},
	{`content: "\000051 \000076 \000034 \00002d \00007a \000054 \000038 \00006b \00004c \00006d \000031 \000065 "`,
		`content: "***"`},
	{"say Q-v-4---z-T-8-k-L-m-1-e.", "say ***."},
	{"say q.v.4.-.z.t.8.k.l.m.1.e", "say ***"},
	{"Q / v / 4 / - / z / T / 8 / k / L / m / 1 / e", "***"},
	{`{"type":"Buffer","data":[81,118,52,45,122,84,56,107,76,109,49,101]}`, `{"type":"Buffer","data":[***]}`},
	{"KF3DILL2KQ4GWTDNGFSQ====", "***"},
	{"G·r·ü·ß·e·-·a·u·s·-·K·ö·l·n", "***"},
	{"47:72:c3:bc:c3:9f:65:2d:61:75:73:2d:4b:c3:b6:6c:6e", "***"},
	{"Gr=C3=BC=C3=9Fe-aus-K=C3=B6ln", "***"},
	{`Gr\0000fc \0000df e-aus-K\f6 ln`, "***"},
	{"a Qv4-zT8kLm1e b 51:76:34:2d:7a:54:38:6b:4c:6d:31:65 c UXY0LXpU\nOGtMbTFl\nd G|r|ü|ß|e|-|a|u|s|-|K|ö|l|n",
		"a *** b *** c ***\nd ***"},
}

func TestMaskLooksOverSeparators(t *testing.T) {
	secrets := []string{"Qv4-zT8kLm1e", "Grüße-aus-Köln"}
	for _, tt := range apart {
		if got := mask.Text(tt.text, secrets); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A cut within any of these spellings leaves nothing that reads as the secret.
func TestMaskHidesTheBeginningApart(t *testing.T) {
	secrets := []string{"Qv4-zT8kLm1e"}
	for whole, shows := range map[string]int{ // bytes that may be left: less than three bytes of the secret
		"51:76:34:2d:7a:54:38:6b:4c:6d:31:65":                        8,
		"0x51, 0x76, 0x34, 0x2d, 0x7a, 0x54, 0x38, 0x6b, 0x4c, 0x6d": 17,
		"UXY0\r\nLXpU\r\nOGtM\r\nbTFl":                               3,
		"=51=76=34=2D=7A=54=38=6B=4C=6D=31=65":                       8,
		`\121\166\064\055\172\124\070\153\114\155\061\145`:           11,
		`\000051 \000076 \000034 \00002d \00007a \000054 \000038 \0`: 23,
		"Q-v-4---z-T-8-k-L-m-1-e":                                    4,
		"81, 118, 52, 45, 122, 84, 56, 107, 76, 109, 49, 101":        11,
		"81.118.52.45.122.84.56.107.76.109.49.101":                   9,
		`Q","v","4","-","z","T","8","k","L","m","1","e`:              8,
		`\121\166\64\55\172\124\70\153\114\155\61\145`:               10,
		`\x{51}\x{76}\x{34}\x{2d}\x{7a}\x{54}\x{38}\x{6b}`:           17,
		"Q<b>v</b>4<b>-</b>z<b>T</b>8":                               11,
		"kf3dill2kq4gwtdngfsq":                                       4,
		"KF3D-ILL2-KQ4G-WTDN-GFSQ":                                   5,
	} {
		for n := shows + 1; n < len(whole); n++ {
			text := "said: " + whole[:n] + safetext.Cut
			if got := mask.Text(text, secrets); len(got) > len("said: ***…")+shows ||
				!strings.HasPrefix(got, "said: ***") {
				t.Errorf("Text(%q) = %q, want the beginning of the secret masked", text, got)
			}
		}
	}
}

// innocent are texts of a service that look like a spelling and are none of a secret.
var innocent = map[string]*rapid.Generator[string]{
	"UUID":   hexGroups("-", 4, 2, 2, 2, 6),
	"hash":   hexGroups("", 32),
	"MAC":    hexGroups(":", 1, 1, 1, 1, 1, 1),
	"IPv6":   hexGroups(":", 2, 2, 2, 2, 2, 2, 2, 2),
	"dump":   hexGroups(" ", 4, 2, 2, 2, 2, 2, 2, 2, 2),
	"number": rapid.Map(rapid.Uint64(), func(n uint64) string { return fmt.Sprint(n) }),
	"float":  rapid.Map(rapid.Float64(), func(n float64) string { return fmt.Sprint(n) }),
	"list": rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 40),
		func(n []byte) string { return strings.ReplaceAll(fmt.Sprint(n), " ", ", ") }),
	"IPv4":    rapid.StringMatching(`\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:\d{4}`),
	"date":    rapid.StringMatching(`20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\.\d{3}Z`),
	"version": rapid.StringMatching(`v\d\.\d\.\d\.\d\.\d-rc\.\d`),
	"prose":   rapid.StringMatching(`([a-z]{1,9}[ ,.\n]){1,30}`),
	"base64":  rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 90), base64.StdEncoding.EncodeToString),
	"escapes": rapid.StringMatching(`([%=&\\][0-9a-fA-F]{2}[ ;\r\n]?|\\[0-7]{3}|[A-Z2-7]{8}){1,30}`),
	"marks":   rapid.StringMatching(`([!-~][-._:/|]){1,30}`),
}

func hexGroups(between string, sizes ...int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var groups []string
		for _, n := range sizes {
			groups = append(groups, fmt.Sprintf("%x", rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "bytes")))
		}
		return strings.Join(groups, between)
	})
}

// What holds no secret stays as it is, byte for byte.
func TestMaskLeavesInnocentText(t *testing.T) {
	secrets := []string{"Xk7pQ2mWz9Lt", "correct horse battery",
		"3f9a81c2d4e5b607", "p@ss-w0rd/2=61", "907351846250", "Grüße-aus-Köln"}
	var kinds []*rapid.Generator[string]
	for _, kind := range innocent {
		kinds = append(kinds, kind)
	}
	text := rapid.SliceOfN(rapid.OneOf(kinds...), 1, 8)
	rapid.Check(t, func(t *rapid.T) {
		between := rapid.SampledFrom([]string{" ", "\n", ", ", `", "`, "\r\n", "; ", ":", "/"}).Draw(t, "between")
		said := strings.Join(text.Draw(t, "text"), between)
		if got := mask.Text(said, secrets); got != said {
			t.Errorf("Text(%q) = %q, want it as it is", said, got)
		}
	})
}

// Whatever a service writes, masking neither panics nor makes text longer than the
// limit, and leaves no secret as it is.
func FuzzMask(f *testing.F) {
	for _, tt := range apart {
		f.Add(tt.text, "Qv4-zT8kLm1e", 12)
	}
	for _, text := range []string{`\u{`, "0x", "0x0x", "=\r", `\0`,
		"a-", "·", "88,", "\xff-\xff-\xff", "&#", "%u", "A===\n=A"} {
		f.Add(text, "\xff=41\\101-", 2)
	}
	f.Fuzz(func(t *testing.T, text, secret string, limit int) {
		secrets := []string{secret}
		got := mask.Text(text, secrets)
		if len(secret) >= 3 && !strings.Contains(secret, "*") &&
			strings.Contains(strings.ReplaceAll(got, "***", "\x00"), secret) &&
			!strings.Contains(secret, "\x00") {
			t.Errorf("Text(%q) = %q, with the secret %q in it", text, got, secret)
		}
		if utf8.ValidString(text) && utf8.ValidString(secret) && !utf8.ValidString(got) {
			t.Errorf("Text(%q) = %q, which is not a text", text, got)
		}
		limit = max(0, min(limit, len(text)))
		if head := mask.Head(text, limit, secrets); len(head) > limit {
			t.Errorf("MaskHead(%q, %d) = %q, want at most the limit", text, limit, head)
		}
	})
}
