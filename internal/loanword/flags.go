package loanword

import "slices"

// flags are those of command lines. None of them is a flag of loadgate run.
func flags() []Word {
	const (
		peak    = "profiles: {peak: {stages: [{users: 20, over: 30s, for: 2m}]}} and --profile peak"
		steady  = "profiles: {steady: {rate: 50/s, duration: 5m}} and --profile steady"
		workers = "write --workers 4 --listen :7422 for the run, and loadgate worker on the other machines"
		shards  = "write --shard 1/4 --seed 7 on the first of four machines, and loadgate check on the four results"
	)
	of := func(tools, texts, has, write string) []Word { return row(Flag, tools, texts, has, write, "") }
	return slices.Concat(
		of("k6", "--vus", "--users", "write -u 50"),
		of("k6", "--duration -d", "--run-time", "write -t 5m"),
		of("k6 Locust", "--iterations -i", "a run time",
			"write -t 2m, or rounds: 20 in a profile; loadgate try sends each step once"),
		of("k6", "--stage -s --stages", "stages in a profile", "write "+peak),
		of("k6", "--rps", "profiles with a rate", "write "+steady),
		of("k6", "--execution-segment --execution-segment-sequence", "shards", shards),
		of("k6", "--env -e", "the environment",
			`list NAME under env: in the file, and write env("NAME") in expressions`),
		of("k6", "--tag", "the origin of a run", "write --branch main --commit 1a2b3c"),
		of("k6", "--summary-export", "a verdict for machines",
			"write -o verdict=verdict.json"),
		of("k6", "--summary-trend-stats", "percentiles of every endpoint",
			"write --all, and p99: 500ms in a rule"),
		of("k6", "--no-thresholds", "limits that only warn", "write p95: {warn: 200ms} in the rules"),
		of("k6", "--no-summary", "a table that is small",
			"write > /dev/null to leave it out; the files in --out have all"),
		of("k6", "--abort-on-fail", "judge.stop_on_fail", "write judge: {stop_on_fail: true}, the default"),
		of("k6", "--no-setup", "setup", "delete setup: in the file"),
		of("k6", "--insecure-skip-tls-verify", "target.tls", "write target: {tls: {insecure: true}}"),
		of("k6", "--user-agent", "headers of the target", "write target: {headers: {User-Agent: NAME}}"),
		of("k6", "--http-debug --verbose -v", "loadgate try",
			"write loadgate try, which shows every request and answer"),
		of("k6", "--max-redirects", "steps that follow", "write follow: true in the step"),
		of("k6 Locust", "--config", "thresholds.yaml",
			"write its name behind the command: loadgate run perf/thresholds.yaml"),
		of("Locust", "--locustfile -f", "thresholds.yaml",
			"write its name behind the command: loadgate run perf/thresholds.yaml"),
		of("Locust", "--hatch-rate", "--spawn-rate", "write -r 10/s"),
		of("Locust", "--step-users --step-time --step-load", "stages in a profile", "write "+peak),
		of("Locust", "--list -l --show-task-ratio --show-task-ratio-json", "loadgate plan",
			"write loadgate plan, which lists what every group sends"),
		of("Locust",
			"--web-ui --web-port -P --web-login --web-base-path --class-picker --modern-ui --legacy-ui",
			"a page to start runs from, and one to watch them", "write loadgate ui, or run --web=127.0.0.1:8089"),
		of("Locust", "--autostart --autoquit --no-web", "runs that begin and end by themselves", "leave it out"),
		of("Locust",
			"--master --worker --slave --master-host --master-port --master-bind-host --master-bind-port",
			"workers", workers),
		of("Locust", "--expect-workers --expect-slaves --expect-workers-max-wait", "workers that begin together",
			workers),
		of("Locust", "--processes", "one process on all processors", "leave it out"),
		of("Locust", "--tags -T --exclude-tags -E", "a file for each choice of steps", "write loadgate run smoke.yaml"),
		of("Locust", "--equal-weights", "weights of groups", "delete weight: of each group"),
		of("Locust", "--only-summary", "--quiet", "write -q, which leaves out the progress"),
		of("Locust", "--print-stats", "figures of every endpoint", "write --all"),
		of("Locust", "--reset-stats", "a warm-up that does not count", "write warm_up: 30s in the profile"),
		of("Locust", "--csv-full-history", "--csv",
			"write --csv report, which always writes report_stats_history.csv too"),
		of("Locust", "--json --json-file", "a verdict for machines", "write -o verdict=verdict.json"),
		of("Locust", "--html-file", "--html", "write --html report.html"),
		of("Locust", "--loglevel -L", "--quiet", "write -q, which leaves out the progress"),
		of("Locust k6", "--logfile --log-output --skip-log-setup", "standard error", "write 2> run.log"),
		of("Locust", "--exit-code-on-error", "a limit on failures",
			"write success: 99.5% in a rule; 1 is the code when it breaks"),
		of("Locust", "--stop-timeout", "3 s for requests in flight at the end", "leave it out"),
		of("wrk", "--connections -c --threads", "--users", "write -u 50; one process uses all processors"),
		of("wrk", "--latency", "percentiles of every endpoint", "write --all"),
		of("ab hey oha", "--concurrency", "--users", "write -u 50"),
		of("ab hey oha", "--requests -n", "a run time", "write -t 2m"),
		of("hey oha", "-z", "--run-time", "write -t 2m"),
		of("wrk hey oha Vegeta", "--timeout", "target.timeout", "write target: {timeout: 10s}"),
		of("wrk hey Vegeta", "--header", "headers of target, group and step",
			"write headers: {Accept: application/json}"),
		of("hey oha", "--method -m --body -d", "steps", "write steps: [{request: POST /items, json: {name: x}}]"),
		of("Artillery", "--target", "--host", "write --host http://localhost:8000"),
		of("Artillery", "--payload", "data", "write data: {accounts: {file: accounts.csv}}"),
		of("Taurus", "--ramp-up", "--spawn-rate", "write -r 10/s"),
		of("Gatling", "--simulation", "--profile", "write --profile light"),
	)
}

func commands() []Word {
	of := func(tools, texts, has, write string) []Word { return row(Command, tools, texts, has, write, "") }
	return slices.Concat(
		of("k6", "new", "loadgate init", "write loadgate init --openapi http://localhost:8000/openapi.json"),
		of("k6", "inspect", "loadgate plan", "write loadgate plan"),
		of("k6 Artillery", "cloud", "shards", "write loadgate run --shard 1/4 --seed 7 on the first of four machines"),
		of("Vegeta", "attack", "loadgate run", "write loadgate run"),
		of("Artillery", "quick", "loadgate run", "write loadgate run --demo --profile demo to see one"),
	)
}

func formats() []Word {
	of := func(tools, texts, has, write string) []Word { return row(Format, tools, texts, has, write, "") }
	return slices.Concat(
		of("k6", "json", "a verdict for machines", "write -o verdict=verdict.json"),
		of("k6", "csv", "Locust's CSV files", "write --csv report"),
		of("k6", "web-dashboard", "a live page, and one of the result", "write --web, or --html report.html"),
		of("k6", "influxdb statsd prometheus experimental-prometheus-rw opentelemetry datadog",
			"figures for Prometheus",
			"write -o metrics=metrics.txt"),
		of("Gatling", "pdf", "a page of the result that a browser prints", "write --html report.html"),
	)
}

func scripts() []Word {
	const limits = "a judge of what a script measures"
	of := func(tools, texts, write string) []Word { return row(Script, tools, texts, limits, write, "") }
	return slices.Concat(
		of("Locust", ".py", "write locust --headless --csv report, and loadgate check report_stats.csv"),
		of("k6", ".js .ts", "write k6 run --out json=k6.json.gz, and loadgate check k6.json.gz"),
		of("JMeter", ".jmx", "write jmeter -n -l result.jtl, and loadgate check result.jtl"),
		of("Gatling", ".scala .kt .java", "write loadgate check simulation.log behind its run"),
	)
}
