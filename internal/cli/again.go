package cli

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/plan"
)

// irrelevantToRerun are the flags of commands that make a load and yet do not decide what is
// sent, to whom, and how it is judged: where files go, what is kept and printed,
// and when the load begins. All others belong to the command that repeats a run.
var irrelevantToRerun = map[string]bool{
	"all": true, "branch": true, "commit": true, "csv": true, "github": true, "headless": true, "help": true,
	"history": true, "html": true, "listen": true, "metrics-listen": true, "otlp": true,
	"nats": true, "nats-creds": true,
	"no-color": true, "out": true, "output": true, "quiet": true, "record": true, "resume": true,
	"runner": true, "seed": true, "setup": true,
	"site-url": true, "start-at": true, "trace-link": true, "wait-workers": true,
	"web": true, "web-host": true, "web-linger": true,
}

// rerunCommand is the command that makes a run again, word by word: the file, where it
// is not the default one, the flags that decide the load, and the seed it had.
// Secrets are masked, and credentials of URLs left out.
func rerunCommand(command, file string, flags *pflag.FlagSet, p *plan.Plan) []string {
	words := []string{"loadgate", command}
	if file != load.DefaultFile {
		words = append(words, file)
	}
	flags.Visit(func(f *pflag.Flag) {
		if irrelevantToRerun[f.Name] {
			return
		}
		for _, word := range wordsOf(f) {
			name, value, has := strings.Cut(word, "=")
			if u, err := url.Parse(value); err == nil && u.User != nil {
				u.User = nil
				value = u.String()
			}
			if has {
				name += "=" + p.Config.Mask(value)
			}
			words = append(words, name)
		}
	})
	return append(words, fmt.Sprintf("--seed=%d", p.Seed))
}

// wordsOf are the words of a command line that set a flag to what it is.
func wordsOf(f *pflag.Flag) []string {
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	var words []string
	for _, value := range values {
		word := "--" + f.Name
		if f.Value.Type() != "bool" || value != "true" {
			word += "=" + value
		}
		words = append(words, word)
	}
	return words
}
