package usage

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/history"
	"github.com/loadgate/loadgate/internal/loanword"
)

// checkFlags finds wrong values before anything is read, sent or written. It
// checks each flag by itself.
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
	case "history":
		if _, err := history.Parse(value); err != nil {
			return fmt.Errorf("--history: %w", err)
		}
		return checkNoFile(f.Name, value, exampleOf(cmd, f))
	case "stored":
		return checkNoFile(f.Name, value, exampleOf(cmd, f))
	case "output":
		format, _, ok := strings.Cut(value, "=")
		_, known := loanword.Find(loanword.Format, format)
		known = known || slices.Contains(ReportNames(), format)
		if ok && known && f.Hidden {
			return fmt.Errorf("-o %s: %s writes no report; write --file %s",
				Quote(value), cmd.CommandPath(), exampleOf(cmd, f))
		}
		if f.Hidden {
			return checkNoFolder("-o "+value, value)
		}
	case "html", "data", "file", "ca":
		return checkNoFolder("--"+f.Name+" "+value, value)
	case "host", "a", "b":
		if u, err := url.Parse(value); err == nil && wrongPort(u.Port(), 1) {
			return fmt.Errorf("--%s %s: there is no port %s; write one from 1 to 65535, such as %s",
				f.Name, u.Redacted(), u.Port(), exampleOf(cmd, f))
		}
	case "listen", "web":
		host, port, err := net.SplitHostPort(value)
		if err != nil || port == "" || wrongPort(port, 0) || strings.ContainsAny(host, " /") {
			return fmt.Errorf("--%s %s: write HOST:PORT with a port from 0 to 65535, such as %s",
				f.Name, Quote(value), exampleOf(cmd, f))
		}
	case "headless":
		if value == "false" {
			return errors.New("--headless=false: the page that starts runs is loadgate ui; leave --headless out, " +
				"or write loadgate ui")
		}
	case "users":
		if value == "0" || strings.HasPrefix(value, "-") {
			return fmt.Errorf("--users %s: write 1 to 1000000", value)
		}
	}
	return nil
}

// wrongPort says whether a text is given and is not a port of at least that number.
func wrongPort(text string, least int) bool {
	n, err := strconv.Atoi(text)
	return text != "" && (err != nil || n < least || n > 65535)
}

// checkFolder refuses a file, or a report of k6, where a folder is expected.
func checkFolder(name, value, example string) error {
	if format, file, ok := strings.Cut(value, "="); ok && file != "" && !strings.ContainsAny(format, `/\`) {
		return fmt.Errorf("--%s %s: it is the folder for all files; a single report is -o FORMAT=FILE: %s",
			name, value, knownFormat(format))
	}
	return checkNoFile(name, value, example)
}

// checkNoFile refuses a file where a folder is expected. That a folder cannot be made, below a file or for another
// reason, is no wrong usage.
func checkNoFile(name, folder, example string) error {
	if info, err := os.Stat(filepath.Clean(folder)); err == nil && !info.IsDir() {
		return fmt.Errorf("--%s %s: it is a file; write a folder, such as %s", name, folder, example)
	}
	return nil
}

// checkNoFolder refuses a folder where a file will be written.
func checkNoFolder(what, file string) error {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return fmt.Errorf("%s: it is a folder; write a file in it", what)
	}
	return nil
}
