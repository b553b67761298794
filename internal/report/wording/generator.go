package wording

import "github.com/loadgate/loadgate/internal/reason"

// The titles complete "the generator was ...".
var generatorWords = table{
	reason.GeneratorLate: {
		title: "late",
		says:  "the generator was late: 1 request in 100 was sent more than {lag} after its time",
		todo:  "give the generator more CPU, lower the load, or split the run into shards",
	},
	reason.GeneratorOutOfPorts: {
		title: "out of file descriptors or ports",
		says: "the generator's machine ran out of file descriptors or local ports, so part of the load never " +
			"left it",
		todo: tooFewFiles,
	},
	reason.GeneratorOutOfUsers: {
		title: "out of users",
		says:  "all users were waiting for answers when an arrival was due",
		todo:  "lower the rate, or raise max_users",
	},
	reason.GeneratorThrottled: {
		title: "throttled",
		says:  "the generator's container was throttled in " + times + ", for {time} in all",
		todo:  "raise its CPU limit, lower the load, or split the run into shards",
	},
	reason.GeneratorSteal: {
		title: "short of CPU that the host took",
		says:  "the host took {share} of the processor time of the generator's machine: that looks like a slow service",
		todo:  "run it on a machine with processors of its own, or at a quieter time",
	},
	reason.GeneratorStealSeconds: {
		title: "short of CPU that the host took",
		says: "the host took more than {limit} of the processor time of the generator's machine in " + times +
			": that looks like a slow service",
		todo: "run it on a machine with processors of its own, or at a quieter time",
	},
	reason.GeneratorBusy: {
		title: "short of CPU",
		says:  "the generator used more than {limit} of [the {cpus} CPU that it may use|its processors] in " + times,
		todo:  "give it more CPU, lower the load, or split the run into shards",
	},
	reason.GeneratorPressure: {
		title: "waiting for CPU",
		says: "something in the generator's container or on its machine waited for a processor for more than " +
			"{limit} of the time in " + times,
		todo: "run nothing else on its machine, give it more CPU, or lower the load",
	},
	reason.GeneratorWakeUps: {
		title: "waiting for CPU",
		says:  "{share} of the generator's wake-ups waited 1ms or more for a processor",
		todo:  "run nothing else on its machine, give it more CPU, or lower the load",
	},
	reason.GeneratorPause: {
		title: "collecting garbage",
		says:  "the generator stood still for {pause} to collect garbage",
		todo:  "give it more CPU and memory, or lower the load",
	},
}

// times is in how many of all slots something was so.
const times = "{slots} of {of} [stretches of {slot}|seconds]"
