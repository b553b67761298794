package cli_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A build waits for the reports that it asked for, wherever a mistake stands on the command line.
func TestReportsBehindAMistake(t *testing.T) {
	for _, tt := range []struct{ args, twin, want, not string }{
		{args: "run -o junit=a.xml --usres 3", want: "a.xml"},
		{args: "run --usres 3 -o junit=a.xml", want: "a.xml"},
		{args: "run --usres 3 -ojunit=a.xml --output junit=b.xml", want: "a.xml b.xml"},
		{args: "run -u x --output=junit=a.xml", want: "a.xml"},
		{args: "check --zzz r.json -o=junit=a.xml", want: "a.xml"},
		{args: "ab --zzz -qo junit=a.xml", want: "a.xml"},
		{args: "capacity --zzz -o junit=a.xml --github -o junit=b.xml", want: "a.xml b.xml"},
		{args: "run --zzz -o html=a.html -o junit=b.xml", want: "b.xml", not: "a.html"},
		{args: "run --zzz", twin: "junit=a.xml", want: "a.xml"},
		{args: "run --zzz -o junit=b.xml", twin: "junit=a.xml", want: "b.xml", not: "a.xml"},
		{args: "run --zzz -- -o junit=a.xml", not: "a.xml"},
		{args: "run --zzz --branch -o junit=a.xml", not: "a.xml"},
		{args: "run --zzz -Hojunit=a.xml", not: "a.xml"},
		{args: "run --zzz -o", not: "a.xml"},
		{args: "plan --zzz -o junit=a.xml", not: "a.xml"},
	} {
		t.Chdir(t.TempDir())
		code, stderr := run(context.Background(), io.Discard,
			map[string]string{"LOADGATE_OUTPUT": tt.twin}, strings.Fields(tt.args)...)
		if code != 2 || !plain.MatchString(stderr) {
			t.Errorf("loadgate %s = %d, %s; want 2 and a line", tt.args, code, stderr)
		}
		for _, name := range strings.Fields(tt.want) {
			if text, err := os.ReadFile(name); err != nil || !strings.Contains(string(text), "<error ") {
				t.Errorf("loadgate %s: %s holds %s, %v", tt.args, name, text, err)
			}
		}
		if _, err := os.Stat(tt.not); tt.not != "" && err == nil {
			t.Errorf("loadgate %s wrote %s", tt.args, tt.not)
		}
	}
}

// Where flags were not read, nobody knows which files the command reads: only an older report is replaced.
func TestMistakeReplacesNoOtherFile(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	t.Chdir(filepath.Dir(path))
	code, stderr := run(context.Background(), io.Discard, nil, "run", "--zzz", "-o", "junit=thresholds.yaml")
	if text, err := os.ReadFile(path); err != nil || string(text) != file || code != 2 ||
		!strings.Contains(stderr, "write thresholds.yaml: it is no report of JUnit, and is kept") {
		t.Errorf("exit code %d, %s, %v, it holds\n%s", code, stderr, err, text)
	}
	for _, flag := range []string{"--first", "--second"} {
		run(context.Background(), io.Discard, nil, "run", flag, "-o", "junit=a.xml")
		if text, err := os.ReadFile("a.xml"); err != nil || !strings.Contains(string(text), flag) {
			t.Errorf("run %s: the report holds %s, %v", flag, text, err)
		}
	}
}
