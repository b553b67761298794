package ui

import (
	"errors"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
)

// field is a value of the form and the flag that takes it. Empty: the profile decides.
type field struct {
	name, flag  string
	label, hint string
	placeholder string
	number      bool
	commands    []string // that have the flag
}

// fields are all but the profile and the host.
var fields = []field{
	{"users", "--users", "Users", "", "as the profile says", true, []string{"run", "plan", "try"}},
	{"spawn", "--spawn-rate", "Spawn rate", "users a second, such as 10/s", "as the profile says", false,
		[]string{"run", "plan"}},
	{"rate", "--rate", "Arrival rate", "of a profile with a rate, such as 50/s", "as the profile says", false,
		[]string{"run", "plan"}},
	{"time", "--run-time", "Run time", "with ramp and warm-up, such as 5m", "as the profile says", false,
		[]string{"run", "plan"}},
	{"pace", "--pace", "Pace", "divides think times, such as 2", "as the profile says", false, []string{"run", "plan"}},
	{"workers", "--workers", "Workers", "processes of this machine", "one process", true, []string{"run", "plan"}},
}

// controls is the section with the form.
func (o Options) controls() htmlpage.Section {
	var profiles []string
	for _, p := range o.Config.Profiles {
		profiles = append(profiles, p.Name)
	}
	form := &htmlpage.Form{Action: htmlpage.Beside("api/load"), Buttons: []htmlpage.Button{
		{Name: "do", Value: "start", Text: "Start", Primary: true}, {Name: "do", Value: "change", Text: "Change users"},
		{Name: "do", Value: "stop", Text: "Stop"}, {Name: "do", Value: "plan", Text: "Plan"},
		{Name: "do", Value: "try", Text: "Try"}, {Name: "do", Value: "compare", Text: "Compare with the run before"},
	}}
	form.Fields = append(form.Fields, htmlpage.Field{Name: "profile", Label: "Profile", Choices: profiles,
		Value: o.Config.DefaultProfile})
	for _, f := range fields {
		form.Fields = append(form.Fields, htmlpage.Field{Name: f.name, Label: f.label, Hint: f.hint,
			Placeholder: f.placeholder, Number: f.number, Most: 20})
	}
	if o.CheckHost != nil {
		form.Fields = append(form.Fields, htmlpage.Field{Name: "host", Label: "Host",
			Placeholder: o.Config.Target.Public(), Most: 300, Hint: "of the hosts that the file and --allow permit"})
	}
	return htmlpage.Section{ID: "load", Title: "Load", Parts: []htmlpage.Part{{Form: form}},
		Lead: "Each run is a command, which you can paste into a pipeline. Change users ends the run, judges it, and " +
			"begins the next one."}
}

// arguments are those of a command for a form.
func (o Options) arguments(command string, values map[string]string) ([]string, error) {
	args := []string{command}
	if o.File != "" {
		args = append(args, o.File)
	}
	args = append(args, o.Common...)
	if p := values["profile"]; p != "" {
		args = append(args, "--profile="+p)
	}
	for _, f := range fields {
		value := strings.TrimSpace(values[f.name])
		if value != "" && slices.Contains(f.commands, command) {
			args = append(args, f.flag+"="+value)
		}
	}
	if host := strings.TrimSpace(values["host"]); host != "" {
		if o.CheckHost == nil {
			return nil, errors.New("the demo is its own target; leave the host empty")
		}
		if err := o.CheckHost(host); err != nil {
			return nil, err
		}
		args = append(args, "--host="+host)
	}
	return args, nil
}
