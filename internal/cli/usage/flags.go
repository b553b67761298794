package usage

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/expr"
	"github.com/loadgate/loadgate/internal/loanword"
)

// misreadError is a mistake in a flag: what was typed behind it was not read.
type misreadError struct{ error }

func (e misreadError) Unwrap() error { return e.error }

// Misread reports whether the command line was not read to its end.
func Misread(err error) bool {
	_, misread := errors.AsType[misreadError](err)
	return misread
}

// describeFlagError says in one plain line what is wrong with a flag in these arguments of the program,
// and what to write.
func describeFlagError(cmd *cobra.Command, args []string, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		if name, ok := misspelled(cmd, args); ok {
			return unknownCommand(cmd, name)
		}
		written := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			written = "-" + unknown.GetSpecifiedName()
			if group, front := groupOf(cmd, args, unknown.GetSpecifiedShortnames()); group != "" {
				return fmt.Errorf("unknown flag: %s in %s; -%s takes no value", Quote(written), Quote(group), front)
			}
		}
		return fmt.Errorf("unknown flag: %s; %s", Quote(written), insteadOfFlag(cmd, written))
	case errors.As(err, &bare):
		f := bare.GetFlag()
		return fmt.Errorf("--%s: its value is missing; write --%s %s", f.Name, f.Name, exampleOf(cmd, f))
	case errors.As(err, &wrong):
		f := wrong.GetFlag()
		return fmt.Errorf("--%s %s: %s", f.Name, Quote(wrong.GetValue()), expectedValue(cmd, f, wrong.GetValue()))
	}
	written := strings.TrimPrefix(err.Error(), "bad flag syntax: ")
	return fmt.Errorf("%s is not a flag; %s --help lists the flags", Quote(written), cmd.CommandPath())
}

// writtenFile is for those who look for another way to name the file that a command writes.
const writtenFile = "the file to write goes behind --file"

// insteadOfFlag is the remedy for a flag that a command does not have.
func insteadOfFlag(cmd *cobra.Command, written string) string {
	if word, ok := loanword.Find(loanword.Flag, written); ok {
		return word.Remedy()
	}
	name := strings.TrimLeft(written, "-")
	if name == "out" && cmd.Flags().Lookup("file") != nil {
		return writtenFile
	}
	others := elsewhere(cmd)
	if commands := others[name]; commands != nil {
		return "it is a flag of " + strings.Join(commands, ", ")
	}
	if near, ok := begunBy(name, flagNames(cmd)); ok {
		return "did you mean --" + near + "?"
	}
	if near, ok := begunBy(name, flagNames(cmd.Root())); ok {
		return "did you mean " + cmd.Root().CommandPath() + " --" + near + "?"
	}
	if near, ok := nearestFlag(name, flagNames(cmd)); ok {
		return "did you mean --" + near + "?"
	}
	if strings.HasPrefix(written, "--") {
		if near, ok := nearestFlag(name, slices.Sorted(maps.Keys(others))); ok {
			return "did you mean --" + near + ", a flag of " + strings.Join(others[near], ", ") + "?"
		}
	}
	return cmd.CommandPath() + " --help lists the flags"
}

// elsewhere names the commands that have each flag, other than cmd.
func elsewhere(cmd *cobra.Command) map[string][]string {
	all := map[string][]string{}
	for _, other := range cmd.Root().Commands() {
		if other == cmd || other.Hidden {
			continue
		}
		for _, name := range flagNames(other) {
			all[name] = append(all[name], other.CommandPath())
		}
	}
	return all
}

// flagNames are the flags that help lists of a command.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// begunBy returns the one name that begins with what was written: of three letters at least, since fewer
// begin too many words.
func begunBy(written string, names []string) (name string, ok bool) {
	written = strings.ToLower(written)
	if len(written) < 3 {
		return "", false
	}
	longer := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !strings.HasPrefix(n, written) })
	if len(longer) != 1 {
		return "", false
	}
	return longer[0], true
}

// nearestFlag returns the name that was probably meant, or the one that switches off what was written.
func nearestFlag(written string, names []string) (name string, ok bool) {
	if near, ok := expr.Nearest(written, names); ok {
		return near, true
	}
	const off = "no-"
	var on []string
	for _, name := range names {
		if bare, ok := strings.CutPrefix(name, off); ok {
			on = append(on, bare)
		}
	}
	near, ok := expr.Nearest(written, on)
	return off + near, ok
}

// groupOf is the argument that ends with these letters behind others that are flags, such as -h5 of 5, and the
// flag before them. Empty: they stand alone, or are flags that loadgate might have.
func groupOf(cmd *cobra.Command, args []string, rest string) (group, front string) {
	if rest == "" || unicode.IsLetter([]rune(rest)[0]) {
		return "", ""
	}
	for _, arg := range args {
		if arg == "--" {
			break
		}
		before, ok := strings.CutSuffix(arg, rest)
		if !ok || len(before) < 2 || before[0] != '-' || before[1] == '-' {
			continue
		}
		front = before[len(before)-1:]
		if f := cmd.Flags().ShorthandLookup(front); f != nil && f.Value.Type() == "bool" {
			return arg, front
		}
	}
	return "", ""
}

// expectedValue says what a flag takes instead of a value that is not a number, or not
// true or false.
func expectedValue(cmd *cobra.Command, f *pflag.Flag, value string) string {
	switch {
	case f.Value.Type() == "bool":
		return fmt.Sprintf("write true or false, such as --%s=false", f.Name)
	case inOtherNotation(value):
		return "write a whole number in decimal digits alone, such as " + exampleOf(cmd, f)
	case f.Value.Type() == "uint64":
		return fmt.Sprintf("write a whole number from 0 to %d, such as %s", uint64(math.MaxUint64), exampleOf(cmd, f))
	case decimalDigits.MatchString(value):
		return "that is too large a number; write one such as " + exampleOf(cmd, f)
	}
	return "write a whole number, such as " + exampleOf(cmd, f)
}

// exampleOf is a value that a flag may have.
func exampleOf(cmd *cobra.Command, f *pflag.Flag) string {
	for _, key := range namesOf(cmd, f) {
		if at := slices.IndexFunc(examples(), func(e [2]string) bool { return e[0] == key }); at >= 0 {
			return examples()[at][1]
		}
	}
	return "VALUE"
}

// namesOf are the names of a flag in tables of flags: with its command, which comes first, and alone.
func namesOf(cmd *cobra.Command, f *pflag.Flag) [2]string {
	name := strings.TrimPrefix(f.Name, "demo-")
	return [2]string{cmd.Name() + " " + name, name}
}

// examples are values of flags, by name; a command's own first.
func examples() [][2]string {
	return [][2]string{
		{"a", "http://localhost:8001"}, {"a-cmd", "'exec uvicorn app:app --port {port}'"},
		{"allow", "staging.example.com"}, {"also", "1=loadgate-capacity-1"},
		{"at-least", "100"}, {"b", "http://localhost:8002"}, {"b-cmd", "'exec uvicorn app:app --port {port}'"},
		{"branch", "main"}, {"ca", "ca.pem"}, {"cpu", "2"}, {"deadline", "30m"}, {"env", "API_TOKEN"},
		{"env-secret", "staging-login"},
		{"image", "registry.example.com/loadgate:1"}, {"memory", "512Mi"}, {"namespace", "load-tests"},
		{"kubernetes file", "run.yaml"}, {"kubernetes output", "run.yaml"}, {"kubernetes name", "loadgate"},
		{"by", "ada"}, {"commit", "1a2b3c"}, {"confirmation", "loadgate-out/confirmation/result.json"},
		{"csv", "report"},
		{"data", "data.json"}, {"endpoint", "'GET /api/*'"}, {"file", "thresholds.yaml"}, {"export file", "load.js"},
		{"format", "k6-json"}, {"notify format", "slack"}, {"alert format", "pagerduty"}, {"ab from", "loadgate-ab"},
		{"from", "50"}, {"har", "checkout.har"},
		{"history", ".loadgate/history"}, {"host", "http://localhost:8000"}, {"html", "report.html"}, {"keep", "50"},
		{"index", "0"}, {"jmx", "plan.jmx"}, {"k6", "script.js"}, {"locustfile", "locustfile.py"},
		{"last", "30"}, {"lease", "30s"}, {"link", "https://ci.example.com/1"},
		{"link-base", "https://github.com/acme/shop"}, {"site-url", "https://acme.github.io/shop/"},
		{"run listen", ":7422"}, {"ui listen", "127.0.0.1:8089"}, {"record listen", "127.0.0.1:8899"},
		{"listen", "127.0.0.1:8000"}, {"lost", "1"}, {"metric", "p95"},
		{"metrics-listen", "127.0.0.1:9464"}, {"nats", "tls://nats.example.com:4222"},
		{"nats-creds", "loadgate.creds"}, {"worker name", "runner-1"},
		{"comment name", "light"}, {"name", "'GET /api/tutors/*'"}, {"on", "fail"}, {"only", "student"},
		{"openapi", "openapi.json"},
		{"otlp", "http://localhost:4318"},
		{"ui out", "loadgate-out/ui"}, {"ab out", "loadgate-ab"}, {"capacity out", "loadgate-capacity"},
		{"out", "loadgate-out"},
		{"export output", "load.js"}, {"init output", "thresholds.yaml"},
		{"record output", "thresholds.yaml"}, {"output", "html=report.html"}, {"pace", "2"},
		{"pairs", "8"}, {"postman", "collection.json"}, {"pr", "12"}, {"precision", "10%"},
		{"previous", "last/verdict.json"}, {"profile", "light"},
		{"rate", "50/s"}, {"peak", "900/s"}, {"replicas", "3"},
		{"scale-up", "90s"}, {"silent-for", "7d"}, {"least", "5%"},
		{"growth", "5%/min"}, {"scale-by", "cpu"}, {"reason", "'search is slower by design'"},
		{"results", "report_stats.csv"}, {"resume", "loadgate-out"}, {"run-time", "5m"},
		{"runner", "ubuntu-large"}, {"seed", "7"}, {"service", "tutormax"}, {"setup", "setup.json"},
		{"setup file", "setup.json"}, {"shard", "1/4"}, {"skip", "admin"}, {"slice", "30s"},
		{"spawn-rate", "10/s"}, {"start", "'uvicorn app:app --port 8000'"}, {"start-at", "15:04:05"}, {"step", "1m"},
		{"stored", "loadgate-capacity"}, {"thresholds", "thresholds.yaml"},
		{"to", "400"}, {"token-env", "GITHUB_TOKEN"},
		{"trace-link", "'https://tempo.example/trace/{trace_id}'"},
		{"users", "50"}, {"wait", "5m"}, {"wait-workers", "5m"}, {"plan workers", "auto"}, {"workers", "4"},
		{"web", "127.0.0.1:8089"}, {"web-host", "perf.example.com"}, {"web-linger", "5m"},
		{"webhook-env", "LOADGATE_WEBHOOK"}, {"within", "15m"},
		// Of the stand-in.
		{"burn", "20ms"}, {"cache-down", "20s@20s"}, {"down", "5s@30s"},
		{"drift", "10%/m"}, {"fail", "2%"}, {"freeze", "500ms/5s"},
		{"hold", "150ms"}, {"keep-alive", "5s"}, {"metrics-block", "1.9s"}, {"pool", "2"}, {"rate-limit", "100/min"},
		{"slow", "600ms"}, {"start-delay", "3s"},
	}
}
