package delivery

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/baseline"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/trace"
)

// Flags say what is written of a verdict and how.
type Flags struct {
	Formats    []string // name=file
	csv        string
	html       string
	traceLink  string
	link       trace.Link // of traceLink, from Check on
	site       string
	all        bool
	noColor    bool
	Outputs    []github.Output // of the command, for later steps of a workflow
	Past       *baseline.Past  // that a run is compared with; nil: none
	Command    []string        // that makes the run again; nil: unknown
	ReportOnly bool            // the command reports a verdict and does not end with it
	// Also is called with the view of the reports when they are written; nil: nothing is.
	Also func(content.View)
}

// Add adds --output, --html, --csv, --trace-link, --site-url, --all and --no-color.
func (f *Flags) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringArrayVarP(&f.Formats, "output", "o", nil,
		"write a report: FORMAT=FILE, with FORMAT one of "+strings.Join(usage.ReportNames(), ", ")+" (may be repeated)")
	flags.StringVar(&f.html, "html", "", "write the HTML report; same as -o html=FILE")
	flags.StringVar(&f.csv, "csv", "",
		"write Locust's four CSV files, PREFIX_stats.csv and so on, and PREFIX_resources.csv")
	flags.StringVar(&f.traceLink, "trace-link", "",
		"address of the trace of a sampled request, with "+trace.Placeholder+" in it; reports link it")
	flags.StringVar(&f.site, "site-url", "",
		"address of the pages that history site wrote, for a link in Markdown and in the job's summary")
	flags.BoolVar(&f.all, "all", false, "show a row for every check and the figures of every endpoint")
	flags.BoolVar(&f.noColor, "no-color", false, "print without colours")
}

// Check finds wrong formats and a wrong link before anything is measured, and reports that would overwrite each other
// or a file of the command's own.
func (f *Flags) Check(claims Claims) error {
	errs := []error{claims.err, f.checkLink()}
	if f.site != "" && htmlpage.Web(f.site).String() == "" {
		errs = append(errs, fmt.Errorf("--site-url %s: write the address of a web page, such as "+
			"https://acme.github.io/shop/, without credentials", usage.Quote(f.site)))
	}
	for _, text := range f.reports() {
		format, file, err := usage.ParseReport(text)
		if err == nil {
			err = claims.Claim(file, reportNamed(format.Name), "--output "+usage.Quote(text), "file")
		}
		errs = append(errs, err)
	}
	for _, file := range f.csvFiles() {
		errs = append(errs, claims.Claim(file, "a file of --csv", "--csv "+usage.Quote(f.csv), "prefix"))
	}
	return errors.Join(errs...)
}

// checkLink reads --trace-link.
func (f *Flags) checkLink() (err error) {
	if f.traceLink == "" {
		return nil
	}
	if f.link, err = trace.ParseLink(f.traceLink); err != nil {
		return fmt.Errorf("--trace-link: its value %w", err)
	}
	return nil
}

func reportNamed(format string) string { return "the " + format + " report" }

// csvFiles are the files that --csv asks for.
func (f *Flags) csvFiles() []string {
	if f.csv == "" {
		return nil
	}
	var files []string
	for _, file := range report.CSVFiles() {
		files = append(files, f.csv+file.Suffix)
	}
	return files
}

// reports are the formats asked for, by whichever flag.
func (f *Flags) reports() []string {
	if f.html == "" {
		return f.Formats
	}
	return append(slices.Clone(f.Formats), "html="+f.html)
}

// Clear prepares the folders of all reports before anything is measured. It makes those that are
// missing, checks that files can be written into them, and removes the reports of an earlier run, so
// that a run that never begins does not leave them behind.
func (f *Flags) Clear() error {
	var files, folders []string
	var errs []error
	for _, text := range f.reports() {
		if _, file, err := usage.ParseReport(text); err == nil {
			files = append(files, file)
		} else { // since Check another folder, or a file, has come there
			errs = append(errs, failure.CouldNotRun(err))
		}
	}
	files = append(files, f.csvFiles()...)
	for _, file := range files {
		folder := filepath.Dir(file)
		if !slices.Contains(folders, folder) && !output.IsDevice(file) {
			folders = append(folders, folder)
			errs = append(errs, output.CheckFolder(folder))
		}
	}
	return errors.Join(append(errs, output.RemoveOld("run", files))...)
}
