package delivery_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/cli/delivery"
	"github.com/loadgate/loadgate/internal/cli/failure"
)

// Two reports in one file would leave the last one alone, and nobody would miss the other.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name    string
		formats []string
		want    string // in the error; empty: none
	}{
		{"none", nil, ""},
		{"two files", []string{"html=a.html", "junit=a.xml"}, ""},
		{"one file", []string{"html=out/a", "junit=./out/a"},
			"--output junit=./out/a: ./out/a would overwrite the html report; write another file"},
		{"the same report again", []string{"html=a.html", "html=a.html"}, ""},
		{"one device", []string{"table=" + os.DevNull, "junit=" + os.DevNull}, ""},
		{"two wrong formats", []string{"html=", "pdf=a", "pdf=a"}, "--output html=: the file is missing"},
	} {
		err := (&delivery.Flags{Formats: tt.formats}).Check(delivery.Claims{})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// Reports of an earlier run are gone before the new one begins, and a folder that takes none is
// found out.
func TestClear(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "report.html")
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	flags := delivery.Flags{Formats: []string{"html=" + old, "junit=" + filepath.Join(folder, "new", "junit.xml")}}
	if err := flags.Clear(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old report is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "new")); err != nil {
		t.Errorf("the folder of a report was not made: %v", err)
	}
	if err := os.WriteFile(old, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	flags.Formats = []string{"junit=" + filepath.Join(old, "junit.xml")}
	if err := flags.Clear(); failure.ExitCode(err) != 4 {
		t.Errorf("a folder that is a file: %v with exit code %d, want 4", err, failure.ExitCode(err))
	}
}

func TestClaims(t *testing.T) {
	folder := t.TempDir()
	result := filepath.Join(folder, "result.json")
	var c delivery.Claims
	c.Hold(result, "the result")
	for _, tt := range []struct{ file, holds, want string }{
		{result, "the html report", "-o x: " + result + " would overwrite the result; write another file"},
		{folder + "/./result.json", "the html report", "would overwrite the result"},
		{result, "the result", ""},
		{filepath.Join(folder, "a"), "the html report", ""},
		{filepath.Join(folder, "a"), "the junit report", "would overwrite the html report"},
		{"-", "the html report", ""}, {"/dev/stdout", "the junit report", "/dev/stdout already gets the html report"},
		{os.DevNull, "the html report", ""}, {os.DevNull, "the junit report", ""},
	} {
		err := c.Claim(tt.file, tt.holds, "-o x", "file")
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s as %s: %v, want %q", tt.file, tt.holds, err, tt.want)
		}
	}
}
