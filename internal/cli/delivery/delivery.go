// Package delivery reports a verdict wherever that was asked for: on the terminal, in
// reports, and in a step of GitHub Actions. All of them show the exit code that the process
// ends with, even when one cannot be written.
package delivery

import (
	"cmp"
	crypto "crypto/rand"
	"errors"
	"io"
	"os"
	"slices"

	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/exitcode"
	"github.com/loadgate/loadgate/internal/report"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/report/github"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/verdict"
)

// Outcome is how a command went apart from its verdict.
type Outcome struct {
	Ended  error // why the run did not come to its verdict; nil: it did
	Failed error // what could not be written, kept or ended so far
}

// Write prints the table and writes every report that was asked for. It returns
// the error that ends the command: why the run ended early, else the verdict's,
// else what failed. All that is written says the exit code of that error.
func (f *Flags) Write(env environ.Env, r *result.Result, v verdict.Verdict, s *config.Config, how Outcome) error {
	return f.WriteView(env, v, s, how, func(o content.Options) content.View { return content.NewView(r, v, o) })
}

// WriteView is Write for any view of a verdict.
func (f *Flags) WriteView(
	env environ.Env, v verdict.Verdict, s *config.Config, how Outcome, view func(content.Options) content.View,
) error {
	env.NoteVerdict()
	d := delivery{
		out: f, env: env, view: view, ended: how.Ended, nonce: crypto.Text(),
		written: map[string]bool{}, broken: map[string]bool{}, from: map[string]int64{},
		options: content.Options{
			Confidence: s.Judge.Confidence, All: f.all, Past: f.Past, Command: f.Command, Config: s,
			Site: f.site, TraceLink: f.link,
		},
	}
	if d.ended == nil && !f.ReportOnly {
		d.ended = failure.OfVerdict(v.Final())
	}
	d.note(how.Failed)
	return d.all()
}

// delivery writes a verdict to every place that was asked for. A failed write can change the exit
// code, and reports written before it would show the old one. So reports that can be written again
// come first, and the terminal comes last.
type delivery struct {
	out     *Flags
	env     environ.Env
	view    func(content.Options) content.View
	options content.Options

	ended    error // what ends the command whatever fails; nil: a failure does
	failures []error
	nonce    string           // a word that nobody can guess, of letters and digits
	written  map[string]bool  // files
	broken   map[string]bool  // files, and variables of GitHub's, that cannot be written
	from     map[string]int64 // where in GitHub's files the texts of this command begin
	devices  bool             // what cannot be written again has been
}

func (d *delivery) all() error {
	d.writeAll()
	d.note(d.show())
	if d.options.ExitCode != d.code() {
		d.writeAll()
	}
	if d.out.Also != nil {
		d.out.Also(d.currentView(nil))
	}
	if d.ended == nil && len(d.failures) > 0 {
		return failure.CouldNotRun(errors.Join(d.failures...))
	}
	console.PrintError(d.env.Stderr, errors.Join(d.failures...))
	return d.ended
}

// writeAll writes all files, once more where that changes the exit code.
func (d *delivery) writeAll() {
	d.files()
	if d.options.ExitCode != d.code() {
		d.files()
	}
}

// note keeps an error, and says whether it was one.
func (d *delivery) note(err error) bool {
	if err != nil {
		d.failures = append(d.failures, err)
	}
	return err != nil
}

// code is the exit code for content.Options: 0 where it is the verdict's own.
func (d *delivery) code() int {
	if failure.IsVerdict(d.ended) {
		return 0
	}
	if d.ended == nil && len(d.failures) > 0 {
		return exitcode.NotRun
	}
	return failure.ExitCode(d.ended)
}

// currentView is the view with the exit code and the failures so far.
func (d *delivery) currentView(change func(*content.Options)) content.View {
	o := d.options
	for _, failure := range d.failures {
		for _, p := range problems(failure) {
			o.Failures = append(o.Failures, p.Text)
		}
	}
	if change != nil {
		change(&o)
	}
	return d.view(o)
}

// files writes the reports, those that cannot be written again last. Then it writes the outputs of a
// workflow, which name the reports that exist.
func (d *delivery) files() {
	d.options.ExitCode = d.code()
	v := d.currentView(nil)
	var later []func()
	for _, text := range d.out.reports() {
		format, file, err := usage.ParseReport(text)
		if err != nil { // a folder has come into its place
			if !d.broken[text] {
				d.broken[text] = d.note(failure.CouldNotRun(err))
			}
			continue
		}
		put := func() { d.writeReport(file, func(w io.Writer) error { return format.Write(w, v) }) }
		if output.IsDevice(file) {
			later = append(later, put)
			continue
		}
		put()
	}
	if d.out.csv != "" {
		for _, file := range report.CSVFiles() {
			d.writeReport(d.out.csv+file.Suffix, func(w io.Writer) error { return file.Write(w, v) })
		}
	}
	if d.options.ExitCode != d.code() {
		return // once more
	}
	if !d.devices {
		d.devices = true
		for _, put := range later {
			put()
		}
	}
	if d.env.InActions() && d.options.ExitCode == d.code() {
		d.writeWorkflow()
	}
}

// writeReport writes a file and replaces what it wrote before: that has another exit code,
// and is removed rather than kept.
func (d *delivery) writeReport(file string, write func(io.Writer) error) {
	if d.broken[file] {
		return
	}
	if d.written[file] {
		d.note(output.RemoveOld("report", []string{file}))
	}
	d.broken[file] = d.note(output.WriteFile(file, write))
	d.written[file] = true
}

// writeWorkflow adds to the summary of the job and to the outputs for later steps. It
// replaces what this command added before.
func (d *delivery) writeWorkflow() {
	v := d.currentView(nil)
	d.appendToVariable("GITHUB_STEP_SUMMARY", func(w io.Writer, size int64) error {
		return github.WriteSummary(v, w, github.SummaryLimit-size)
	})
	if d.options.ExitCode == d.code() {
		outputs := append(github.Outputs(v), d.outputs()...)
		d.appendToVariable("GITHUB_OUTPUT",
			func(w io.Writer, _ int64) error { return github.WriteOutputs(w, d.nonce, outputs) })
	}
}

func (d *delivery) appendToVariable(variable string, write func(w io.Writer, size int64) error) {
	if d.broken[variable] {
		return
	}
	from, again := d.from[variable]
	if !again {
		from = theEnd
	}
	from, err := appendTo(d.env, variable, from, write)
	d.from[variable], d.broken[variable] = from, d.note(err)
}

// outputs are those for later steps: what the command names, and where the reports
// are. The report is the one for people, if there is one. What was not written is
// left out.
func (d *delivery) outputs() []github.Output {
	var all []github.Output
	for _, o := range d.out.Outputs {
		if _, err := os.Stat(o.Value); err == nil {
			all = append(all, o)
		}
	}
	files := map[string]string{}
	for _, text := range d.out.reports() {
		if format, file, err := usage.ParseReport(text); err == nil && !d.broken[file] && !output.IsDevice(file) {
			all, files[format.Name] = append(all, github.Output{Name: "report_" + format.Name, Value: file}), file
		}
	}
	if file := cmp.Or(files["html"], files["markdown"]); file != "" {
		all = append(all, github.Output{Name: "report", Value: file})
	}
	return slices.Clip(all)
}

// show prints the table, or what a step of a workflow has in its place. Where a report is written to
// standard output, a program reads that, and the table goes to standard error.
func (d *delivery) show() error {
	env := d.env
	if slices.ContainsFunc(d.out.reports(), func(text string) bool {
		_, file, err := usage.ParseReport(text)
		return err == nil && output.IsStdout(file)
	}) {
		env.Stdout = env.Stderr
	}
	shown := func(o *content.Options) {
		o.Color, o.Width = console.UseColor(env, d.out.noColor), console.Width(env.Stdout)
	}
	if !env.InActions() {
		return console.WriteError(writeTable(env.Stdout, d.currentView(shown)))
	}
	a := actions{table: d.currentView(shown), plain: d.currentView(nil), all: d.options.All}
	a.long = d.currentView(func(o *content.Options) { shown(o); o.All = true })
	return a.show(env, d.nonce)
}
