package wording

import "github.com/loadgate/loadgate/internal/reason"

var runWords = table{
	reason.ResultDamaged: {
		says: "damaged histograms: {parts}", todo: "judge the journal instead, or run it again",
	},
	reason.Frozen: {
		says: "frozen {from:clock}–{until:clock}: [{users:user}|{requests:request}] waited up to {longest}",
		todo: "look for what stopped the service: a lock, a blocked event loop, a garbage collection, a paused " +
			"container, a dependency that hung",
	},
	reason.TimeStretch: {says: "{from}[–{until}| to the end]"},
	reason.ProbeDisturbs: {
		says: "requests are {slower:rise} slower in the seconds in which {probes} is read than in the others " +
			"({within} and {without} seconds): reading it may block the service",
		todo: "write a longer every, or read it where it does not stand in the way",
	},
}

var exceptionWords = table{
	reason.ExceptionIdle: {
		says: "the exception {pattern:quoted} matches no endpoint of this result",
		todo: "write the name that the result has, or leave the exception out",
	},
	reason.ExceptionNear: {todo: "did you mean {near:quoted}?"},
	reason.ExceptionsLeave: {
		says: "its exceptions leave out every endpoint that it speaks of, so nothing was judged",
		todo: "leave one of them in, or delete the rule",
	},
	reason.ExceptionEnded:   {says: "the exception of {endpoint} ended on {day} ({why})"},
	reason.ExceptionProlong: {todo: "or write a later until, if it is to stay left out"},
}
