package dotenv_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/loadgate/loadgate/internal/config/dotenv"
)

// What docker compose and dotenv read alike is read so.
func TestParse(t *testing.T) {
	const text = "\ufeff# a comment=1\r\n\r\n  \t\nA=1\nexport B = two words \nC=\nD='p$ss #\"\\n'  # why\n" +
		"E=\"a\\nb\\rc'#\" #\nF='x\n=y\n'\nG=a'b\"c\n  H=1 # # $x\r\nexport I=`\" \nA=last=1\nexporter=e\n_9=\"\"\nJ=é"
	want := dotenv.Values{"A": "last=1", "B": "two words", "C": "", "D": `p$ss #"\n`, "E": "a\nb\rc'#", "F": "x\n=y\n",
		"G": `a'b"c`, "H": "1", "exporter": "e", "_9": "", "J": "é"}
	got, wrong := dotenv.Parse([]byte(strings.Replace(text, "export I=`\" \n", "", 1)))
	if diff := cmp.Diff(want, got); diff != "" || wrong != nil {
		t.Errorf("Parse (-want +got):\n%s%v", diff, wrong)
	}
}

// What they read differently, or not at all, has one message with its line, which shows nothing of it.
func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"s3cret":                         "1 has no =",
		"A=1\n\ns3cret b=1":              "3 has no name before the =",
		"=s3cret":                        "1 has no name before the =",
		"9s3cret=s3cret":                 "1 has no name before the =",
		"s3-cret=s3cret":                 "1 has no name before the =",
		"export =s3cret":                 "1 has no name before the =",
		"export\tA=s3cret":               "1 has no name before the =",
		"s3cret: s3cret":                 "1 has no =",
		"A=s3cret#x":                     "1 has a # in a value without quotes",
		"A=s3cret\t# x":                  "1 has a # in a value without quotes",
		"A= # s3cret":                    "1 has a # in a value without quotes",
		"A=s3cret$x":                     "1 has a $ in a value without quotes",
		"A=`s3cret`":                     "1 has a value that begins with a backtick",
		"A='s3cret\nB=s3cret":            "1 has a quote that is never closed",
		`A="s3cret\"`:                    "1 has a quote that is never closed",
		"A=1\nB='s3\ncret' s3cret\nC=$":  "2 has more behind the closing quote;4 has a $ in a value",
		"A='s3cret'# x":                  "1 has more behind the closing quote",
		`A='s3\'cret'`:                   `1 has \' in single quotes`,
		`A="s3${x}cret"`:                 "1 has a $ in double quotes",
		`A="s3\tcret"`:                   "1 has a backslash in double quotes",
		`A="s3\\ncret"`:                  "1 has a backslash in double quotes",
		"A='s3\r\ncret'":                 "1 has a line break of Windows in quotes",
		"A=s3\x00cret":                   "1 has a control character",
		"A=s3\rcret":                     "1 has a control character",
		"A='s3\n\x1bcret'":               "1 has a control character",
		"A=\xff":                         "1 has a control character, or is no UTF-8",
		"A='s3cret' B=s3cret\nB=s3cret$": "1 has more behind the closing quote;2 has a $ in a value",
	} {
		_, wrong := dotenv.Parse([]byte(text))
		wants := strings.Split(want, ";")
		if len(wrong) != len(wants) {
			t.Errorf("Parse(%q) = %v, want %s", text, wrong, want)
			continue
		}
		for i, m := range wrong {
			if got := fmt.Sprintf("%d %s", m.Line, m.Message); !strings.HasPrefix(got, wants[i]) ||
				strings.Contains(got, "s3") {
				t.Errorf("Parse(%q) = %s, want %s", text, got, wants[i])
			}
		}
	}
}

// The environment wins, unless what it has is nothing.
func TestBehind(t *testing.T) {
	getenv := dotenv.Values{"A": "file", "B": "file", "C": ""}.Behind(func(name string) (string, bool) {
		return map[string]string{"A": "own", "D": "own"}[name], name != "C" && name != "E"
	})
	for name, want := range map[string]string{
		"A": "own true", "B": "file true", "C": " true", "D": "own true", "E": " false",
	} {
		value, ok := getenv(name)
		if got := fmt.Sprint(value, " ", ok); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// Whatever bytes come in, Parse does not panic, names are names, mistakes are in order and have lines of the file,
// and a file that is read is read again from what it says.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"A=1 # x\nexport B='a\nb'\nC=\"\\n\"", "A='", "A=\"\\", "=", "export ", "\ufeff", "A=\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		values, wrong := dotenv.Parse(content)
		last := 0
		for _, m := range wrong {
			if m.Line <= last || m.Line > 1+strings.Count(string(content), "\n") || m.Message == "" {
				t.Errorf("mistake %+v behind line %d", m, last)
			}
			last = m.Line
		}
		var again strings.Builder
		for name, value := range values {
			if strings.ContainsAny(name, " =#'\"\n") || name == "" {
				t.Errorf("name %q", name)
			}
			if !strings.ContainsAny(value, "'\r") && !strings.HasSuffix(value, `\`) {
				fmt.Fprintf(&again, "%s='%s'\n", name, value)
			} else if !strings.ContainsAny(value, "\"\\$") {
				fmt.Fprintf(&again, "%s=\"%s\"\n", name, strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(value))
			} else {
				delete(values, name)
			}
		}
		if got, wrong := dotenv.Parse([]byte(again.String())); wrong != nil || !cmp.Equal(values, got) {
			t.Errorf("read again: %v", wrong)
		}
	})
}
