package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/htmlpage"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/report/content"
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
func (d *Desk) controls() htmlpage.Section {
	var profiles []string
	for _, p := range d.Config.Profiles {
		profiles = append(profiles, p.Name)
	}
	form := &htmlpage.Form{Action: htmlpage.Beside("api/load"), Buttons: []htmlpage.Button{
		{Name: "do", Value: "start", Text: "Start", Primary: true}, {Name: "do", Value: "change", Text: "Change users"},
		{Name: "do", Value: "stop", Text: "Stop"}, {Name: "do", Value: "plan", Text: "Plan"},
		{Name: "do", Value: "try", Text: "Try"}, {Name: "do", Value: "compare", Text: "Compare with the run before"},
	}}
	form.Fields = append(form.Fields, htmlpage.Field{Name: "profile", Label: "Profile", Choices: profiles,
		Value: d.Config.DefaultProfile})
	for _, f := range fields {
		form.Fields = append(form.Fields, htmlpage.Field{Name: f.name, Label: f.label, Hint: f.hint,
			Placeholder: f.placeholder, Number: f.number, Most: 20})
	}
	if d.CheckHost != nil {
		form.Fields = append(form.Fields, htmlpage.Field{Name: "host", Label: "Host",
			Placeholder: d.Config.Target.Public(), Most: 300, Hint: "of the hosts that the file and --allow permit"})
	}
	return htmlpage.Section{ID: "load", Title: "Load", Parts: []htmlpage.Part{{Form: form}},
		Lead: "Each run is a command, which you can paste into a pipeline. Change users ends the run, judges it, and " +
			"begins the next one."}
}

// arguments are those of a command for a form.
func (d *Desk) arguments(command string, values map[string]string) ([]string, error) {
	args := []string{command}
	if d.File != "" {
		args = append(args, d.File)
	}
	args = append(args, d.Common...)
	if p := values["profile"]; p != "" {
		args = append(args, "--profile="+p)
	}
	for _, f := range fields {
		value := strings.TrimSpace(values[f.name])
		for _, has := range f.commands {
			if value != "" && has == command {
				args = append(args, f.flag+"="+value)
			}
		}
	}
	if host := strings.TrimSpace(values["host"]); host != "" {
		if d.CheckHost == nil {
			return nil, errors.New("the demo is its own target; leave the host empty")
		}
		if err := d.CheckHost(host); err != nil {
			return nil, err
		}
		args = append(args, "--host="+host)
	}
	return args, nil
}

// Forms are what the page's forms do.
func (d *Desk) Forms() map[string]func(context.Context, map[string]string) (string, error) {
	return map[string]func(context.Context, map[string]string) (string, error){"load": d.submit}
}

// submit does what the pressed button says.
func (d *Desk) submit(ctx context.Context, values map[string]string) (string, error) {
	switch values["do"] {
	case "start":
		return d.start(values)
	case "change":
		return d.change(values)
	case "stop":
		run, err := d.stop()
		if err != nil {
			return "", err
		}
		return "Run " + run.number + " was stopped, and its verdict is above.", nil
	case "plan", "try":
		args, err := d.arguments(values["do"], values)
		if err != nil {
			return "", err
		}
		return d.say(ctx, args)
	case "compare":
		before, last, err := d.lastTwo()
		if err != nil {
			return "", err
		}
		return d.say(ctx, []string{"compare", before, last})
	}
	return "", errors.New("the page asks for something that this loadgate does not know; load it again")
}

// say shows on the page what a command prints.
func (d *Desk) say(ctx context.Context, args []string) (string, error) {
	d.mu.Lock()
	going := d.run != nil
	d.mu.Unlock()
	if going && args[0] == "try" {
		return "", errRunning
	}
	var out, wrong strings.Builder
	code := d.Command(ctx, args, &out, &wrong, nil)
	shown := "$ loadgate " + content.ShellLine(args)
	text := fmt.Sprintf("%s\n%s%s", shown, out.String(), wrong.String())
	d.Page.Change(live.Change{Sections: []htmlpage.Section{{ID: "said", Title: "Plan and try",
		Lead:  fmt.Sprintf("Exit code %d.", code),
		Parts: []htmlpage.Part{{Code: text}}}}})
	if out.Len() == 0 && code != 0 {
		return "", errors.New(strings.TrimSpace(wrong.String()))
	}
	return "It is below, under Plan and try.", nil
}
