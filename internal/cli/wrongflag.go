package cli

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/loanword"
	"github.com/loadgate/loadgate/internal/safetext"
)

// wordFlag says in one plain line what is wrong with a flag, and what to write.
func wordFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		written := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			written = "-" + unknown.GetSpecifiedName()
		}
		return fmt.Errorf("unknown flag: %s; %s", typed(written), insteadOfFlag(cmd, written))
	case errors.As(err, &bare):
		f := bare.GetFlag()
		return fmt.Errorf("--%s: its value is missing; write --%s %s", f.Name, f.Name, exampleOf(cmd, f))
	case errors.As(err, &wrong):
		f := wrong.GetFlag()
		return fmt.Errorf("--%s %s: %s", f.Name, typed(wrong.GetValue()), wanted(cmd, f, wrong.GetValue()))
	}
	written := strings.TrimPrefix(err.Error(), "bad flag syntax: ")
	return fmt.Errorf("%s is no flag; %s --help lists them", typed(written), cmd.CommandPath())
}

// insteadOfFlag is the remedy for a flag that a command has not.
func insteadOfFlag(cmd *cobra.Command, written string) string {
	if word, ok := loanword.Find(loanword.Flag, written); ok {
		return word.Remedy()
	}
	name := strings.TrimLeft(written, "-")
	var elsewhere []string
	for _, other := range cmd.Root().Commands() {
		if f := other.Flags().Lookup(name); f != nil && !f.Hidden && !other.Hidden {
			elsewhere = append(elsewhere, other.CommandPath())
		}
	}
	if len(elsewhere) > 0 {
		return "it is a flag of " + strings.Join(elsewhere, ", ")
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near, ok := expr.Nearest(name, names); ok {
		return "did you mean --" + near + "?"
	}
	return cmd.CommandPath() + " --help lists the flags"
}

// wanted says what a flag takes in the place of a value that is not read as a
// number, or as true or false.
func wanted(cmd *cobra.Command, f *pflag.Flag, value string) string {
	switch f.Value.Type() {
	case "bool":
		return fmt.Sprintf("write true or false, such as --%s=false", f.Name)
	case "uint64":
		return fmt.Sprintf("write a whole number from 0 to %d, such as %s", uint64(math.MaxUint64), exampleOf(cmd, f))
	}
	if regexp.MustCompile(`^[+-]?[0-9]+$`).MatchString(value) {
		return "that is too large a number; write one such as " + exampleOf(cmd, f)
	}
	return "write a whole number, such as " + exampleOf(cmd, f)
}

// checkFlags finds wrong values before anything is read, sent or written. It
// asks what can be known of a flag alone.
func checkFlags(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		errs = append(errs, checkFlag(cmd, f))
	})
	return errors.Join(errs...)
}

func checkFlag(cmd *cobra.Command, f *pflag.Flag) error {
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	for _, value := range values {
		if strings.TrimSpace(value) == "" {
			return fmt.Errorf("--%s: its value is empty; write --%[1]s %[2]s", f.Name, exampleOf(cmd, f))
		}
	}
	value := values[len(values)-1]
	switch f.Name {
	case "out":
		return checkFolder(f.Name, value, exampleOf(cmd, f))
	case "history", "stored":
		if info, err := os.Stat(value); err == nil && !info.IsDir() {
			return fmt.Errorf("--%s %s: it is a file; write a folder, such as %s", f.Name, value, exampleOf(cmd, f))
		}
	case "output":
		format, _, ok := strings.Cut(value, "=")
		_, known := loanword.Find(loanword.Format, format)
		known = known || slices.Contains(formatsOfReports(), format)
		if ok && known && f.Hidden {
			return fmt.Errorf("-o %s: %s writes no report; write --file %s",
				typed(value), cmd.CommandPath(), exampleOf(cmd, f))
		}
		if f.Hidden {
			return checkNoFolder("-o "+value, value)
		}
	case "html", "data", "file":
		return checkNoFolder("--"+f.Name+" "+value, value)
	case "host", "a", "b":
		if u, err := url.Parse(value); err == nil && wrongPort(u.Port(), 1) {
			return fmt.Errorf("--%s %s: there is no port %s; write one from 1 to 65535, such as %s",
				f.Name, u.Redacted(), u.Port(), exampleOf(cmd, f))
		}
	case "listen":
		host, port, err := net.SplitHostPort(value)
		if err != nil || port == "" || wrongPort(port, 0) || strings.ContainsAny(host, " /") {
			return fmt.Errorf("--listen %s: write HOST:PORT with a port from 0 to 65535, such as %s",
				typed(value), exampleOf(cmd, f))
		}
	case "headless":
		if value == "false" {
			return errors.New(
				"--headless=false: there is no page in which a run is started; leave it out, or write --headless")
		}
	case "users":
		if value == "0" || strings.HasPrefix(value, "-") {
			return fmt.Errorf("--users %s: write 1 to 1000000", value)
		}
	}
	return nil
}

// wrongPort says whether a text is no port from least on; an empty one is none at all.
func wrongPort(text string, least int) bool {
	n, err := strconv.Atoi(text)
	return text != "" && (err != nil || n < least || n > 65535)
}

// checkFolder refuses a file, or a report of k6, in the place of a folder.
func checkFolder(name, value, example string) error {
	if format, file, ok := strings.Cut(value, "="); ok && file != "" && !strings.ContainsAny(format, `/\`) {
		return fmt.Errorf("--%s %s: it is the folder for all files; a single report is -o FORMAT=FILE: %s",
			name, value, knownFormat(format))
	}
	if info, err := os.Stat(value); err == nil && !info.IsDir() {
		return fmt.Errorf("--%s %s: it is a file; write a folder, such as %s", name, value, example)
	}
	return nil
}

// checkNoFolder refuses a folder in the place of a file that is to be written.
func checkNoFolder(what, file string) error {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("%s: it is a folder; write a file in it", what)
	}
	return nil
}

// unlisted is the error for a word that is none of those that a flag, or an
// argument, takes: the one that was probably meant, else all of them.
func unlisted(what, written string, words []string) error {
	if near, ok := expr.Nearest(written, words); ok {
		return fmt.Errorf("%s %s: did you mean %s?", what, typed(written), near)
	}
	return fmt.Errorf("%s %s: write one of %s", what, typed(written), strings.Join(words, ", "))
}

// typed is what somebody wrote, on one line: in quotes where it would not be
// seen as one word.
func typed(text string) string {
	text = safetext.Brief(text, 60)
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

// exampleOf is a value that a flag may have.
func exampleOf(cmd *cobra.Command, f *pflag.Flag) string {
	name := strings.TrimPrefix(f.Name, "demo-")
	for _, key := range []string{cmd.Name() + " " + name, name} {
		if at := slices.IndexFunc(examples(), func(e [2]string) bool { return e[0] == key }); at >= 0 {
			return examples()[at][1]
		}
	}
	return "VALUE"
}

// examples are values of flags, by name; a command's own first.
func examples() [][2]string {
	return [][2]string{
		{"a", "http://localhost:8001"}, {"a-cmd", "'exec uvicorn app:app --port {port}'"},
		{"allow", "staging.example.com"},
		{"at-least", "100"}, {"b", "http://localhost:8002"}, {"b-cmd", "'exec uvicorn app:app --port {port}'"},
		{"branch", "main"},
		{"by", "ada"}, {"commit", "1a2b3c"}, {"confirmation", "loadgate-out/confirmation/result.json"},
		{"csv", "report"},
		{"data", "data.json"}, {"endpoint", "'GET /api/*'"}, {"file", "thresholds.yaml"}, {"export file", "load.js"},
		{"format", "k6-json"}, {"notify format", "slack"}, {"ab from", "loadgate-ab"},
		{"from", "50"}, {"har", "checkout.har"},
		{"history", ".loadgate/history"}, {"host", "http://localhost:8000"}, {"html", "report.html"}, {"keep", "50"},
		{"last", "30"}, {"link", "https://ci.example.com/1"}, {"listen", "127.0.0.1:8000"}, {"metric", "p95"},
		{"comment name", "light"}, {"name", "'GET /api/tutors/*'"}, {"on", "fail"}, {"openapi", "openapi.json"},
		{"ab out", "loadgate-ab"}, {"capacity out", "loadgate-capacity"}, {"out", "loadgate-out"},
		{"export output", "load.js"}, {"init output", "thresholds.yaml"}, {"output", "html=report.html"}, {"pace", "2"},
		{"pairs", "8"}, {"pr", "12"}, {"precision", "10%"}, {"previous", "last/verdict.json"}, {"profile", "light"},
		{"rate", "50/s"}, {"reason", "'search is slower by design'"},
		{"results", "report_stats.csv"}, {"run-time", "5m"},
		{"runner", "ubuntu-large"}, {"seed", "7"}, {"service", "tutormax"}, {"shard", "1/4"}, {"slice", "30s"},
		{"spawn-rate", "10/s"}, {"start", "'uvicorn app:app --port 8000'"}, {"start-at", "15:04:05"}, {"step", "1m"},
		{"stored", "loadgate-capacity"}, {"thresholds", "thresholds.yaml"},
		{"to", "400"}, {"token-env", "GITHUB_TOKEN"},
		{"users", "50"}, {"webhook-env", "LOADGATE_WEBHOOK"}, {"within", "15m"},
		// Of the stand-in.
		{"burn", "20ms"}, {"cache-down", "20s@20s"}, {"down", "5s@30s"},
		{"drift", "10%/m"}, {"fail", "2%"}, {"freeze", "500ms/5s"},
		{"hold", "150ms"}, {"keep-alive", "5s"}, {"metrics-block", "1.9s"}, {"pool", "2"}, {"rate-limit", "100/min"},
		{"slow", "600ms"}, {"start-delay", "3s"},
	}
}
