package wording

import "github.com/loadgate/loadgate/internal/reason"

var scalingWords = table{
	reason.ScalingByRequests: {
		says: servesEach + "; add a replica from {target} each, {share} of that" + forPeak,
	},
	reason.ScalingByCores: {
		says: servesEach + ", with {used} processors; add a replica from {target} processors each, {share} of that" +
			forPeak,
	},
	reason.ScalingByUsedLimit: {
		says: servesEach + ", with {used} of its processor time; add a replica from {target} each, {share} of that" +
			forPeak,
	},
	reason.ScalingRefused: {says: "no advice: {why}"},
	reason.ScalingNothingHeld: {
		says: "no load was shown to hold on {replicas:replica}",
		todo: "search with them from a lower --from, or for longer at each load, with --step",
	},
	reason.ScalingRateUnknown: {
		says: "the throughput at {held} on {replicas:replica} has no interval",
		todo: "measure each load longer, with --step",
	},
	reason.ScalingSharedBroke: {
		says: "{resource} broke first, which is shared by all replicas",
		todo: "relieve or enlarge it, and search again: more replicas would only load it more",
	},
	reason.ScalingSharedCause: {
		says: "{cause:title}, which all replicas share",
		todo: "relieve or enlarge it, and search again: more replicas would only load it more",
	},
	reason.ScalingRetrograde: {
		says: "by the universal scalability law, fitted to {levels} levels, the throughput falls beyond {at} " +
			"requests at once: {last} are served at {load}, after {most}",
		todo: "look for what requests contend for, such as a lock or a row; to see whether replicas share it, search " +
			"with another number of replicas and give that search with --also",
	},
	reason.ScalingFallsShort: {
		says: "replicas contend with each other: {more:replica} broke at {broken}, {more_each} each, where " +
			"{fewer:replica} held {held}, {fewer_each} each",
		todo: "look for what they share: a database, a cache, a lock, a queue",
	},
	reason.ScalingNotCPU: {
		says: "processor time was not what broke first: {broken:breaks} [{rule}|the {subject}]",
		todo: "leave out --scale-by cpu: an autoscaler would wait for processor time while that breaks",
	},
	reason.ScalingCPUUnbroken: {
		says: "no load broke, so nothing shows that processor time runs out first",
		todo: "search higher, with --to, or leave out --scale-by cpu",
	},
	reason.ScalingCPUUnread: {
		says: "no processor time of a replica was read at {held} on {replicas:replica}",
		todo: "watch cpu of the process or of its control group under resources, and search again",
	},
	reason.ScalingOneCount: {
		says: "the search had {measured:replica}[, and {needed} are needed]: nothing shows that " +
			"another number serves in proportion",
		todo: "search with another number of replicas too, and give that search with --also",
	},
	reason.ScalingNotBroken: {
		says: "no load that was tried broke: a replica may carry more", todo: searchHigher,
	},
	reason.ScalingMachineBroke: {
		says: "{resource} broke first, which is that of a whole machine: a further replica on it adds nothing",
		todo: "give each replica processors of its own",
	},
}

// Parts of several sentences.
const (
	servesEach = "a replica serves {each}, the lower end of the interval at {held} on {replicas:replica}"
	forPeak    = "[; {needed:replica} for {peak}]"
)
