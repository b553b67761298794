package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/report"
)

// outFlags say what is written of a verdict and how.
type outFlags struct {
	formats []string // name=file
	csv     string
	html    string
	all     bool
	noColor bool
	outputs []report.Output // of the command, for later steps of a workflow
	past    *baseline.Past  // that a run is compared with; nil: none
	command []string        // that makes the run again; nil: unknown
	only    bool            // the command reports a verdict and does not end with it
}

func (f *outFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.formats, "output", "o", nil,
		"write a report: FORMAT=FILE, with FORMAT one of "+strings.Join(formatsOfReports(), ", ")+" (may be repeated)")
	flags.StringVar(&f.html, "html", "", "write the page for people; the same as -o html=FILE")
	flags.StringVar(&f.csv, "csv", "",
		"write Locust's four CSV files, PREFIX_stats.csv and so on, and PREFIX_resources.csv")
	flags.BoolVar(&f.all, "all", false, "a row for every check, and the figures of every endpoint")
	flags.BoolVar(&f.noColor, "no-color", false, "no colour")
}

// check finds wrong formats before anything is measured.
func (f *outFlags) check() error {
	var errs []error
	for _, text := range f.reports() {
		_, _, err := parseOutput(text)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// reports are the formats asked for, by whichever flag.
func (f *outFlags) reports() []string {
	if f.html == "" {
		return f.formats
	}
	return append(slices.Clone(f.formats), "html="+f.html)
}

// clear finds out before anything is measured whether the folders of all
// reports take files, makes those that are missing, and takes away the reports
// of an earlier run: one that is never made must not leave them.
func (f *outFlags) clear() error {
	var files, folders []string
	for _, text := range f.reports() {
		if _, file, err := parseOutput(text); err == nil {
			files = append(files, file)
		}
	}
	if f.csv != "" {
		for _, file := range report.CSVFiles() {
			files = append(files, f.csv+file.Suffix)
		}
	}
	var errs []error
	for _, file := range files {
		folder := filepath.Dir(file)
		if !slices.Contains(folders, folder) && !isDevice(file) {
			folders = append(folders, folder)
			errs = append(errs, checkWritable(folder))
		}
	}
	return errors.Join(append(errs, removeOld("run", files))...)
}

// writeTo prints the table, the first of the formats.
func writeTo(w io.Writer, v report.View) error {
	if err := report.Formats()[0].Write(w, v); err != nil {
		return fmt.Errorf("write to standard output: %w", failure.WithoutPath(err))
	}
	return nil
}
