package wording

import "github.com/loadgate/loadgate/internal/reason"

var causeWords = table{
	reason.ScenarioMisfit: {
		title: "the scenario does not fit the service",
		says: "{failed} of {requests:request} were rejected with errors that load does not cause, most with " +
			"{status:digits}[ at {endpoint}]: {why}",
	},
	reason.RateLimiter: {
		title: "a rate limiter",
		brief: "a rate limiter",
		says: "{limited} of {requests:request} ({share}) were answered 429, the first at {first}[, most at " +
			"{endpoint}]; {served} got through",
		todo: "raise or disable it for the test, or lower the load; rejected requests are left out of latencies, " +
			"and the others say nothing of capacity",
	},
	reason.OwnProbeBlocks: {
		title: "loadgate's own probe blocks the service",
		says: "reading {place} takes {took} every {every:compact}, for {gauges}; {within} of {slow:slow request} " +
			"ended during or just after a reading, compared with {share} of all requests",
		todo: "write a longer every, or leave it out of the test; then fix the page: whatever else reads it in " +
			"production stops the service as well",
	},
	reason.DependencyGone: {
		title: "{dependency} does not answer",
		says:  "no answer [from {from} to {until}|since {from}]: {problem}",
		todo: "see what happened to it at {from} (its log, its memory, a restart), and let the service go on " +
			"without it, or fail at once",
	},
	reason.GeneratorMachine: {
		title: "the generator's machine ran out of descriptors or ports",
		says:  "{refused} of {failures} failures are connections that its own machine refused",
		todo:  tooFewFiles,
	},
	reason.ConnectionsHeldIdle: {
		title: "{pool}: connections are held idle",
		says: "{full} of {readings} readings are at {from} or more, and statements took {statements} of the " +
			"{taken} that its connections were taken ({share})",
		todo: "look for what happens between taking a connection and giving it back beside the statements: a " +
			"call to another service, a sleep, a transaction left open; give it back after the last statement",
	},
	reason.PoolExhausted: {
		title: "{pool}: exhausted",
		says:  "{full} of {readings} readings are at {from} or more",
		todo: "look for transactions that stay open while something else is waited for, and for slow queries; " +
			"enlarge the pool only then",
	},
	reason.ProcessFillsCore: {
		title: "the process fills one core",
		says: "{process} used {high} of [one core of {cores}, and of no other|the only core], usually {usual} " +
			"(process cpu is {share} of the machine's {machine})",
	},
	reason.Stalls: {
		title: "stalls [every {every}|now and then] of {usual}",
		says: "all endpoints waited together [every {every} ({times} times)|{times} times], for about {usual}, " +
			"the first time at {first}",
		todo: "look for what stops the whole service: a blocking call in its event loop, a garbage collector, a " +
			"lock, a job on the same machine",
	},
	reason.Saturation: {
		title: "the service is saturated at {load}",
		says: "from {before} to {load} the throughput went from {served_before} to {served}, and the median from " +
			"{median_before} to {median}: requests queue",
		todo: "look at what runs out first: processors, workers, connections of a pool, a lock; more load only " +
			"lengthens the queue",
	},
	reason.EverythingSlower: {
		title: "everything becomes slower with time",
		says:  "{risen} of {of} endpoints rise alike during the run, at the same load",
		todo: "look for what all requests share and what grows: a queue, a list or cache without a bound, " +
			"connections, threads, a log; run longer to see where it ends",
	},
	reason.GrowsWithData: {
		title: "it may grow with the data",
		says: "{related} of the {risen} endpoints whose response times rose read what was written meanwhile: " +
			"{rows} rows or so by {writers}",
		todo: "look for a missing index on what they write to: EXPLAIN the queries of the endpoints that rose; " +
			"run it again on the same data to tell this from a leak",
	},
	reason.ManyQueries: {
		title: "N+1 queries at {endpoint}",
		says:  "{calls}",
		todo:  "fetch them with one query (a join, IN, or the eager loading of the mapper)",
	},
	reason.DatabaseTime: {
		title: "the time goes into the database",
		says:  "statements took {spent} of the {waited} that requests waited ({share}): {statements}",
		todo:  "EXPLAIN (ANALYZE, BUFFERS) the first of them; look for missing indexes",
	},
	reason.DatabaseTimeOwn: {
		title: "the time goes into the database",
		says:  "by Server-Timing at least half of the time of {count:endpoint} is spent there: {endpoints:list}",
		todo:  "EXPLAIN (ANALYZE, BUFFERS) their queries; look for missing indexes and for queries that repeat",
	},
	reason.CacheCold: {
		title: "{cache}: cold at first",
		says:  "{first} of look-ups found their key in the first third of the measured time, {last} in the last",
		todo:  "write a longer warm_up, or warm the cache before the load; the figures include its filling",
	},
	reason.CacheUseless: {
		title: "{cache}: of little use",
		says:  "{share} of {lookups} look-ups found their key",
		todo:  "look at what is cached, for how long, and whether its keys repeat",
	},
	reason.GeneratorUnfit: {
		title: "the generator may be the reason",
		says:  "{signs}",
	},
	reason.ErrorsBegan: {
		title: "errors began at {at}",
		says: "{failed_before} of {requests_before:request} of [{endpoints:named}|all endpoints] failed before, " +
			"and {failed} of {requests} {when}; first: {label}, {why}",
		todo: "look at what changed then: a deployment, a job, a full disk or table, an expired token; the " +
			"service's log at {at}",
	},
	reason.GrowsWithRun: {
		title: "{resource} grows with the run",
		says:  "{growth}; what is measured: {owner}",
	},
	reason.KeepAliveShort: {
		title: "keep-alive is shorter than think times",
		says: "{retries} of {requests:request} met a connection that the service had closed, and were sent again " +
			"on a new one",
		todo: "let the service keep idle connections longer than its clients pause (uvicorn: " +
			"--timeout-keep-alive); clients that do not send again see errors",
	},
	reason.ConnectionsShort: {
		title: "connections do not last",
		says:  "{requests:request} took {connects} new connections after the warm-up",
		todo: "see whether the service or a proxy closes them (Connection: close, HTTP/1.0), or let it keep idle " +
			"ones longer than the think times",
	},

	reason.FailuresThen: {says: "{label}s from {from} at {endpoints:named}"},
	reason.PoolWait:     {says: "by their Server-Timing requests waited {wait} for it on average"},
	reason.CoreUse:      {says: "the process used {share} of one core"},
	reason.Scalability: {
		says: "the universal scalability law, fitted to {stages} stages, sees no more than {most}[, with {at} " +
			"requests at once]",
	},
	reason.AboveLimits: {
		says: "{first} of the requests of the first third of the measured time are above their limits, {last} of " +
			"those of the last",
	},
	reason.TriedCalls: {says: "one request of the try-out made {calls} calls of: {query}"},
	reason.TimedCalls: {
		says: "its answers report {each} queries a request, which take {time}, and {calls} in all (Server-Timing)",
	},
	reason.CallsInRun:       {says: "in the run it was called {calls} times, for {time} in all"},
	reason.StatementTime:    {says: "{time} in {calls} calls of: {query}"},
	reason.TimeAtEndpoint:   {says: "{time} of {mean} at {endpoint}"},
	reason.OfRequestsSlow:   {says: "requests above the limits"},
	reason.OfRequestsFailed: {says: "failures"},

	reason.OwnerProcess:   {says: "{process}, with all that it started"},
	reason.OwnerContainer: {says: "the container around {process}, with all its processes"},
	reason.OwnerMachine:   {says: "the machine that runs loadgate, with all its processes"},
	reason.OwnerRedis:     {says: "Redis, {place}"},
	reason.OwnerMetric:    {says: "{metric} of {place}"},
	reason.OwnerMetricHost: {
		says: "{metric} of {place}; its name suggests the whole machine"},
	reason.OwnerMetricServer: {
		says: "{metric} of {place}, the process that answers there",
	},
	reason.OwnerSource:      {says: "{source}"},
	reason.OwnerUnknown:     {says: "unknown, as it is no longer in the file"},
	reason.ProcessByID:      {says: "process {id:digits}"},
	reason.ProcessByFile:    {says: "the process of {file}"},
	reason.ProcessByName:    {says: "the processes named {name:quoted}"},
	reason.ProcessByPort:    {says: "the process that listens on port {port:digits}"},
	reason.ProcessOfTarget:  {says: "the process that listens on the target's port"},
	reason.ProcessLargest:   {says: "its largest process"},
	reason.ProcessAnswering: {says: "that process"},
	reason.ContainerOf:      {says: "{group}"},

	reason.LittleSaidUntil:   {todo: "what else was measured says little until then"},
	reason.FasterThanFigures: {todo: "until then the service may be faster than the figures say"},
	reason.SeeHolders: {
		todo: "see who holds them (pg_stat_activity): other services, jobs, pools of more processes than planned",
	},
	reason.MoreCores: {
		todo: "look for what takes the processor (a profile of the process under this load); give it more cores, " +
			"and processes to use them",
	},
	reason.MoreWorkers: {
		todo: "run more worker processes, or take the work out of its event loop; a profile of the process under " +
			"this load says what takes the time",
	},
	reason.CompareDumps: {
		todo: "compare two dumps of what [{process}|it] keeps, some minutes apart; a cache without a bound looks " +
			"the same",
	},
	reason.FindProcess: {
		todo: "find the process that grows there (ps, top, or from: process in the file) before you look into " +
			"the service",
	},
	reason.SeeExpiry:      {todo: "look at what is written there without an expiry, and at maxmemory"},
	reason.SeeMetric:      {todo: "see what {metric} counts, and of which process"},
	reason.SeeProcess:     {todo: "see which process that is"},
	reason.ServiceDownToo: {todo: "the service did not work either at that time: look at that first"},
	reason.ReadFrom:       {todo: "it is read from {place}"},
	reason.FixProbe:       {todo: "fix what the probe reads"},
}
