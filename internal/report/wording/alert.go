package wording

import "github.com/loadgate/loadgate/internal/reason"

var alertWords = table{
	reason.AlertSlower: {
		title: "{metric} changed for the worse",
		says:  "{metric} changed for the worse, and for good: {endpoints:list}[ and {more} more]",
		todo: "see what changed in the service at that time; if it is by design, accept the run: loadgate baseline " +
			"accept {run}",
	},
	reason.AlertEndpoint: {says: "{endpoint} from {before} to {after} since run {run}[ of commit {commit}]"},
	reason.AlertNoBaseline: {
		title: "no baseline any more",
		says: "the next run is not compared with earlier ones: there are {count} of the {fewest:run} that it takes" +
			"[; left out: {left:list}]",
		todo: "see loadgate baseline list; until there are enough runs, no regression is found",
	},
	reason.AlertLeft: {says: "{count:run} {why}"},
	reason.AlertSilent: {
		title: "no run any more",
		says:  "no run for [{days:day}|{hours:hour}]: the last one began at {at} UTC",
		todo:  "see whether the job that runs loadgate is still scheduled, and whether it keeps its runs",
	},
	reason.AlertOver: {title: "over", says: "over: {what}"},
}
