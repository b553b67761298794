package cli_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/loanword"
)

// goWords are words of the libraries and of the language, which say nothing to
// whoever typed a flag.
var goWords = regexp.MustCompile(
	`strconv|invalid syntax|invalid argument|flag needs|shorthand|pflag|[^.]json: |[^.]yaml: |\.writable|%!|open [^ ` +
		`]+: |unsupported|out of range`)

// commands are all that take flags of their own, and how each is called so that
// a wrong flag is the only mistake.
func commands(file string) [][]string {
	return [][]string{
		{"run", file}, {"plan", file}, {"try", file}, {"check", "result.json"},
		{"report", "result.json"}, {"init"}, {"record"}, {"validate", file},
		{"export", "k6", file}, {"compare", "a.json", "b.json"},
		{"kubernetes", file}, {"ab", file}, {"capacity", file}, {"demo"}, {"notify"}, {"comment"},
		{"history", "list"}, {"history", "show", "last"}, {"history", "chart"}, {"history", "prune"},
		{"baseline", "list"}, {"baseline", "accept", "last"}, {"baseline", "reject", "last"}, {"schema"}, {"version"},
	}
}

var (
	flagLine = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z0-9-]+)(?: ([A-Z\[]\S*?))?(\[=\S+\])?  `)
	plain    = regexp.MustCompile(`^loadgate: [^\n]+\n$`)
)

// Every flag of every command with a value that it cannot have, with an empty
// one and with none: exit code 2, one plain line that names the flag, and
// nothing is read, sent or written.
func TestWrongFlags(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	t.Chdir(filepath.Dir(path))
	called := 0
	for _, command := range commands(path) {
		var help strings.Builder
		if code, stderr := run(context.Background(), &help, nil, append(command, "--help")...); code != 0 {
			t.Fatalf("%v --help: %d, %s", command, code, stderr)
		}
		for _, m := range flagLine.FindAllStringSubmatch(help.String(), -1) {
			name, takes, optional := m[1], m[2], m[3] != ""
			if name == "help" {
				continue
			}
			if takes == "VALUE" {
				t.Errorf("%v: help does not say what --%s takes", command, name)
			}
			var tries [][]string
			switch {
			case takes == "":
				tries = [][]string{{"--" + name + "=perhaps"}}
			case takes == "N":
				tries = [][]string{{"--" + name + "=x"}, {"--" + name + "=5.5"},
					{"--" + name + "=99999999999999999999"}, {"--" + name + "="}, {"--" + name}}
			case optional:
				tries = [][]string{{"--" + name + "="}}
			default:
				tries = [][]string{{"--" + name + "="}, {"--" + name + "= "}, {"--" + name}}
			}
			for _, args := range tries {
				called++
				refused(t, append(command, args...), "--"+name)
			}
		}
		refused(t, append(command, "--zzzzzz"), "--zzzzzz; "+"loadgate "+command[0])
		refused(t, append(command, "-Z"), "-Z; ")
		refused(t, append(command, "--=x"), "is not a flag; ")
	}
	if called < 400 {
		t.Errorf("%d calls; the commands have more flags", called)
	}
}

// Flags for whole numbers take decimal digits alone, typed and from the environment.
func TestWholeNumbersAreDecimal(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	t.Chdir(filepath.Dir(path))
	found := map[string]bool{}
	for _, command := range commands(path) {
		var help strings.Builder
		run(context.Background(), &help, nil, append(command, "--help")...)
		for _, m := range flagLine.FindAllStringSubmatch(help.String(), -1) {
			if m[2] != "N" || m[1] == "demo-pool" || m[1] == "pool" { // reads its text itself
				continue
			}
			found[m[1]] = true
			want := ": write a whole number in decimal digits alone, such as "
			for _, value := range []string{"0x10", "0XfF", "0o17", "0b11", "1_000", "-0x1", "0x_1"} {
				refused(t, append(command, "--"+m[1]+"="+value), "--"+m[1]+" "+value+want)
				twin := "LOADGATE_" + strings.ToUpper(strings.ReplaceAll(m[1], "-", "_"))
				code, stderr := run(context.Background(), io.Discard, map[string]string{twin: value}, command...)
				if code != 2 || !strings.Contains(stderr, twin+`="`+value+`"`+want) {
					t.Errorf("%s=%s loadgate %q = %d, %q; want 2 and %q", twin, value, command, code, stderr, want)
				}
			}
		}
	}
	for _, name := range []string{"users", "seed", "pairs", "last", "keep", "pr"} {
		if !found[name] {
			t.Errorf("no command has --%s", name)
		}
	}
	for _, tt := range []struct{ typed, want string }{
		{"010", "10"}, {"8", "8"}, {"007", "7"}, {"+9", "9"},
	} {
		var padded, bare strings.Builder
		code, stderr := run(context.Background(), &padded, nil, "plan", path, "--users", tt.typed)
		run(context.Background(), &bare, nil, "plan", path, "--users", tt.want)
		if code != 0 || padded.String() != bare.String() || !strings.Contains(bare.String(), tt.want+" users") {
			t.Errorf("plan --users %s = %d, %s\n%s\nwant the plan of %s users",
				tt.typed, code, stderr, &padded, tt.want)
		}
	}
}

// refused holds a call to one plain line and exit code 2.
func refused(t *testing.T, args []string, want string) {
	t.Helper()
	code, stderr := run(context.Background(), io.Discard, nil, args...)
	if code != 2 || !plain.MatchString(stderr) || !strings.Contains(stderr, want) ||
		goWords.MatchString(stderr) || strings.Contains(stderr, "VALUE") {
		t.Errorf("loadgate %q = %d, %q; want 2 and one plain line with %q", args, code, stderr, want)
	}
}

// Values that are wrong by what they mean.
func TestWrongValues(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	folder := filepath.Dir(path)
	t.Chdir(folder)
	for name, text := range map[string]string{"file": "", filepath.Join("full", "x"): ""} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		writeIn(t, folder, name, text)
	}
	for _, tt := range []struct{ args, want string }{
		{"plan -t 5", "--run-time 5: its unit is missing; write -t 5s or -t 5m"},
		{"plan -t 5m30", `--run-time: "5m30" has no unit behind 30; write 5m30s`},
		{"plan -t 1.5", "write -t 1.5s or -t 1.5m"},
		{"plan -t NaN", "--run-time NaN: write a duration of at least 1s, such as 5m"},
		{"plan -t -Inf", "--run-time -Inf: write a duration of at least 1s, such as 5m"},
		{"plan -t 0x10", "--run-time 0x10: write a duration of at least 1s, such as 5m"},
		{"plan -t 10001h", "--run-time 10001h: that is too long; write at most 10000h"},
		{"plan -t 99999999999h", "--run-time 99999999999h: that is too long; write at most 10000h"},
		{"plan -r NaN", "--spawn-rate NaN: write users per second, such as 10/s"},
		{"plan --rate Inf", "--rate Inf: write arrivals per second, such as 50/s"},
		{"plan --pace NaN", "--pace NaN: write a number above 0 and at most 1000000, or auto"},
		{"plan --pace 0x1p2", "--pace 0x1p2: write a number above 0 and at most 1000000, or auto"},
		{"demo --slow NaN", `"NaN" is not a time of more than 0s and at most 1m0s; write one like 600ms`},
		{"demo --fail NaN%", `"NaN%" is not a share of more than 0% and at most 100%; write one like 2%`},
		{"demo --drift NaN/m", `read drift "NaN/m": "NaN" is not a time`},
		{"run --demo --demo-drift Inf%/m", `--demo-drift: read drift "Inf%/m": "Inf%" is not a share`},
		{"demo --listen nope", "--listen nope: write HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:8000"},
		{"demo --listen 127.0.0.1:99999", "--listen 127.0.0.1:99999: write HOST:PORT"},
		{"demo --listen 127.0.0.1:-1", "--listen 127.0.0.1:-1: write HOST:PORT"},
		{"demo --listen 127.0.0.1:", "--listen 127.0.0.1:: write HOST:PORT"},
		{"demo --listen http://127.0.0.1:8000", "--listen http://127.0.0.1:8000: write HOST:PORT"},
		{"plan --host http://localhost:99999", "--host http://localhost:99999: there is no port 99999; write one " +
			"from 1 to 65535, such as http://localhost:8000"},
		{"try --host http://localhost:0", "--host http://localhost:0: there is no port 0; write one from 1 to 65535"},
		{"ab --a http://localhost:1 --b http://localhost:65536", "--b http://localhost:65536: there is no port 65536"},
		{"ab --a nope --b http://localhost:2", `--a: "nope" has no http:// or https://`},
		{"run --headless=false",
			"--headless=false: the page that starts runs is loadgate ui; leave --headless out, or write loadgate ui"},
		{"plan --seed 18446744073709551616",
			"--seed 18446744073709551616: write a whole number from 0 to 18446744073709551615, such as 7"},
		{"plan --users 99999999999999999999",
			"--users 99999999999999999999: that is too large a number; write one such as 50"},
		{"plan -t 5x", "--run-time 5x: write a duration of at least 1s, such as 5m"},
		{"plan -u 0", "--users 0: write 1 to 1000000"},
		{"plan -u -3", "--users -3: write 1 to 1000000"},
		{"plan -u 5.5", "--users 5.5: write a whole number, such as 50"},
		{"plan -r -1", "--spawn-rate -1: write users per second, such as 10/s"},
		{"plan --rate x", "--rate x: write arrivals per second, such as 50/s"},
		{"plan --shard 4/2 --seed 1", "--shard 4/2: there is no part 4 of 2; write 1/2 to 2/2"},
		{"plan --shard x --seed 1", "--shard x: write part and number of parts, such as 2/4"},
		{"plan --seed x", "--seed x: write a whole number from 0 to 18446744073709551615, such as 7"},
		{"plan --seed -1", "--seed -1: write a whole number from 0 to 18446744073709551615, such as 7"},
		{"plan --pace 0", "--pace 0: write a number above 0 and at most 1000000, or auto"},
		{"plan --profile q", `no profile "q"; the file has: p`},
		{"plan --users", "--users: its value is missing; write --users 50"},
		{"run -q=perhaps", "--quiet perhaps: write true or false, such as --quiet=false"},
		{"run --out file", "--out file: it is a file; write a folder, such as loadgate-out"},
		{"run --out file/", "--out file/: it is a file; write a folder, such as loadgate-out"},
		{"run --out json=x.json",
			"--out json=x.json: it is the folder for all files; a single report is -o FORMAT=FILE: "},
		{"run --html full", "--html full: it is a folder; write a file in it"},
		{"run -o html=full", "--output html=full: it is a folder; write a file in it"},
		{"run -o junit", "--output junit: the file is missing; write -o junit=FILE"},
		{"run -o junit=", "--output junit=: the file is missing; write -o junit=FILE"},
		{"run -o =x", "--output =x: write FORMAT=FILE"},
		{"run -o htlm=x", "--output htlm=x: htlm is unknown; write FORMAT=FILE, and the formats are html, table"},
		{"run -o json=x", "json is unknown; write FORMAT=FILE, and the formats are table, verdict, junit, markdown, " +
			"html, metrics; loadgate has a verdict for machines for that"},
		{"run full", "read full: it is a folder, and there is no thresholds.yaml in it; write the name of a file"},
		{"check full", "read full: it is a folder, and there is no result.json in it; write the name of a file"},
		{"check full --format JMeter",
			"--format JMeter: write one of jtl, jtl-xml, jmeter-statistics, jmeter-table"},
		{"check full --format locust", "--format locust: write one of locust-csv, locust-old-stats, "},
		{"check full --format locsut-csv", "--format locsut-csv: did you mean locust-csv?"},
		{"run --recrod", "unknown flag: --recrod; did you mean --record?"},
		{"--vers", "unknown flag: --vers; did you mean --version?"},
		{"run --vers", "unknown flag: --vers; did you mean loadgate --version?"},
		{"run --hist x", "unknown flag: --hist; did you mean --history?"},
		{"run --color", "unknown flag: --color; did you mean --no-color?"},
		{"run --colour=always", "unknown flag: --colour; did you mean --no-color?"},
		{"--colour", "unknown flag: --colour; did you mean --no-color, a flag of loadgate ab, "},
		{"--usres 3", "unknown flag: --usres; did you mean --users, a flag of "},
		{"run -h5", "unknown flag: -5 in -h5; -h takes no value"},
		{"-h5", "unknown flag: -5 in -h5; -h takes no value"},
		{"run -qqx", "unknown flag: -x; loadgate run --help lists the flags"},
		{"run -5", "unknown flag: -5; loadgate run --help lists the flags"},
		{"..", `unknown command ".."; loadgate --help lists the commands`},
		{"xy", `unknown command "xy"; loadgate --help lists the commands`},
		{"urn", `unknown command "urn"; did you mean run?`},
		{"tyr", `unknown command "tyr"; did you mean try?`},
		{"ckeck", `unknown command "ckeck"; did you mean check?`},
		{"comapre", `unknown command "comapre"; did you mean compare?`},
		{"hist", `unknown command "hist"; did you mean history?`},
		{"rn thresholds.yaml --profile x", `unknown command "rn"; did you mean run?`},
		{"rn -u 5", `unknown command "rn"; did you mean run?`},
		{"--github rn -u 5", `unknown command "rn"; did you mean run?`},
		{"chek r.json --thresholds t.yaml", `unknown command "chek"; did you mean check?`},
		{"vaildate --limits", `unknown command "vaildate"; did you mean validate?`},
		{"inti --openapi x", `unknown command "inti"; did you mean init?`},
		{"history shwo --endpiont x", `unknown command "shwo"; did you mean show?`},
		{"xyz --profile x", `unknown command "xyz"; loadgate --help lists the commands`},
		{"attack --duration 3s", `unknown command "attack"; loadgate has loadgate run for that`},
		{"thresholds.yaml --profile x", "unknown flag: --profile; it is a flag of loadgate ab, "},
		{"full --profile x", "unknown flag: --profile; it is a flag of loadgate ab, "},
		{"plan --record", "unknown flag: --record; it is a flag of loadgate check, loadgate run"},
		{"try --run-time 5m", "unknown flag: --run-time; it is a flag of "},
		{"run --vus 10", "unknown flag: --vus; loadgate has --users for that: write -u 50"},
		{"run -d 30s", "unknown flag: -d; loadgate has --run-time for that: write -t 5m"},
		{"run --exclude_tags x",
			"loadgate has a file for each choice of steps for that: write loadgate run smoke.yaml"},
		{"init --demo --out perf.yaml", "unknown flag: --out; the file to write goes behind --file"},
		{"ab --pairs x", "--pairs x: write a whole number, such as 8"},
		{"ab --pairs 1", "--pairs 1: write a number from 5 to 100"},
		{"ab --slice x", "--slice x: write "},
		{"capacity --precision 10", "--precision 10: write a share from 1% to 100%, such as 10%"},
		{"capacity --at-least 10/s", "--at-least 10/s: profile p has users; write a number of users, 1 to 1000000"},
		{"capacity --from x", "--from x: write a number of users, such as 100, or arrivals, such as 50/s"},
		{"capacity --within 3", "--within 3: write a time between 60s and 24h"},
		{"export k7", "export k7: did you mean k6?"},
		{"export k6 -o html=x", "-o html=x: loadgate export writes no report; write --file load.js"},
		{"export k6 --file full", "--file full: it is a folder; write a file in it"},
		{"history chart --metric p995", "--metric p995: did you mean p95?"},
		{"history list --history file", "--history file: it is a file; write a folder, such as .loadgate/history"},
		{"notify --on alwyas", "--on alwyas: did you mean always?"},
		{"run locustfile.py", "locustfile.py is a script of Locust, not a thresholds.yaml; loadgate has a judge"},
		{"help rum", `unknown command "rum"; did you mean run?`},
		{"completion bsh", `unknown command "bsh"; did you mean bash`},
		{"attack", `unknown command "attack"; loadgate has loadgate run for that: write loadgate run`},
	} {
		code, stderr := run(context.Background(), io.Discard,
			map[string]string{"LOADGATE_WEBHOOK": "https://hooks.example.com/x"}, strings.Fields(tt.args)...)
		if code != 2 || !plain.MatchString(stderr) || !strings.Contains(stderr, tt.want) ||
			goWords.MatchString(stderr) {
			t.Errorf("loadgate %s = %d, %q\nwant 2 and one plain line with %q", tt.args, code, stderr, tt.want)
		}
	}
}

// A command that is given a folder reads the usual file in it.
func TestFolderForItsFile(t *testing.T) {
	path := write(t, "thresholds.yaml", file)
	if code, stderr := run(context.Background(), io.Discard, nil, "plan", filepath.Dir(path)); code != 0 {
		t.Errorf("plan FOLDER = %d, %s", code, stderr)
	}
}

// No word of another tool is a flag of run, and the message says to write a flag
// of some command.
func TestLoanwordsAreNoFlags(t *testing.T) {
	all := map[string]bool{}
	var own strings.Builder
	for _, command := range commands("thresholds.yaml") {
		var help strings.Builder
		run(context.Background(), &help, nil, append(command, "--help")...)
		for _, m := range regexp.MustCompile(`--[a-z][a-z-]*|(?m)^ +-\w`).FindAllString(help.String(), -1) {
			all[strings.TrimSpace(m)] = true
		}
		if command[0] == "run" {
			own = help
		}
	}
	for _, word := range loanword.Words() {
		if word.Place == loanword.Flag && regexp.MustCompile(`(?m)^ .*`+word.Text+`[ ,]`).MatchString(own.String()) {
			t.Errorf("%s is a flag of loadgate run", word.Text)
		}
		if word.Place == loanword.Script {
			continue // its flags are those of its tool
		}
		for _, m := range regexp.MustCompile(`--?[a-z][a-z-]*`).FindAllString(" "+word.Write, -1) {
			if strings.Contains(word.Write, " "+m) && !all[m] {
				t.Errorf("%s: write %s, which is no flag", word.Text, m)
			}
		}
	}
}

// every returns the words of a command, and those of all commands below it that help lists.
func every(t *testing.T, words ...string) [][]string {
	t.Helper()
	var help strings.Builder
	if code, stderr := run(context.Background(), &help, nil, append(words, "--help")...); code != 0 {
		t.Fatalf("%v --help: %d, %s", words, code, stderr)
	}
	all := [][]string{words}
	_, after, _ := strings.Cut(help.String(), "\nCommands:\n")
	list, _, _ := strings.Cut(after, "\n\n")
	for line := range strings.Lines(list) {
		all = append(all, every(t, append(slices.Clone(words), strings.Fields(line)[0])...)...)
	}
	return all
}

// The help of every command says what it does, as an order, and shows how it is called, with flags that it has.
func TestExamplesInHelp(t *testing.T) {
	all := every(t)
	if len(all) < 30 {
		t.Errorf("help lists %d commands: %v", len(all), all)
	}
	for _, command := range all {
		var help strings.Builder
		run(context.Background(), &help, nil, append(command, "--help")...)
		if len(command) > 0 && !regexp.MustCompile(`^[A-Z][a-z]+[ ,]`).MatchString(help.String()) {
			t.Errorf("loadgate %v --help begins with no verb: %.60q", command, help.String())
		}
		_, after, ok := strings.Cut(help.String(), "\nExamples:\n")
		examples, _, _ := strings.Cut(after, "\n\n")
		if !ok || !regexp.MustCompile(`(?m)^  (source <\()?`+
			strings.Join(append([]string{"loadgate"}, command...), " ")).MatchString(examples) {
			t.Errorf("loadgate %v --help has no example of it", command)
		}
		for line := range strings.Lines(examples) {
			words := strings.Fields(line)
			if words[0] != "loadgate" {
				continue
			}
			var name []string // the longest that is a command
			for _, one := range all {
				if len(one) > len(name) && slices.Equal(one, words[1:1+min(len(one), len(words)-1)]) {
					name = one
				}
			}
			var other strings.Builder
			run(context.Background(), &other, nil, append(name, "--help")...)
			for _, m := range regexp.MustCompile(` (--[a-z0-9-]+)`).FindAllStringSubmatch(line, -1) {
				if !strings.Contains(other.String(), m[1]+" ") {
					t.Errorf("loadgate %v --help: its example has %s, which loadgate %v has not", command, m[1], name)
				}
			}
		}
	}
}
