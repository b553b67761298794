package wording

import "github.com/loadgate/loadgate/internal/reason"

var failureWords = table{
	reason.FailuresMostly: {
		says: "[{share} of its failures|every failure][, most at {where}][, such as at {example}]: {label}, {why}",
		many: "[{share} or more of the failures|every failure]: {label}, {why}",
	},

	reason.Status400: {says: "the request is not understood", todo: compareSchema},
	reason.Status401: {says: "the token is missing or wrong", todo: "check the login step"},
	reason.Status403: {
		says: "the token is missing or may not do this", todo: "check the login step and the user's rights",
	},
	reason.Status404: {says: "the path does not exist", todo: checkScenario},
	reason.Status404ID: {
		says: "the path exists, and this id names nothing there",
		todo: "use an id that exists, such as one captured from an earlier answer",
	},
	reason.Status405: {says: "the method is not allowed here", todo: checkScenario},
	reason.Status409: {
		says: "it contradicts what the service already has",
		todo: "send data that differs for each request, or accept it with expect",
	},
	reason.Status413: {says: "the body is larger than the service takes", todo: "send a smaller one"},
	reason.Status415: {says: "the body's type is not taken here", todo: "check the step's body and Content-Type"},
	reason.Status422: {says: "the body does not fit", todo: compareSchema},
	reason.Status429: {
		says: "a rate limiter, not a capacity limit", todo: "raise or disable it for the test, or lower the load",
	},
	reason.Status500: {
		says: "the service broke on the request", todo: serviceLog,
	},
	reason.Status502: {
		says: "the proxy got no good answer from the service",
		todo: "see whether the service is up and its workers live",
	},
	reason.Status503: {
		says: "the service says that it is overloaded or not ready",
		todo: "look at its pools, workers and dependencies",
	},
	reason.Status504: {
		says: "the proxy gave up waiting for the service", todo: "look for slow queries and full pools",
	},
	reason.StatusServerError: {says: "the service failed", todo: serviceLog},
	reason.StatusClientError: {says: "the service refuses the request", todo: checkScenario},
	reason.StatusUnexpected: {
		says: "the status is not one that the step expects",
		todo: "check the scenario, or say what it expects with expect",
	},

	reason.FailedTimeout: {
		says: "no whole answer came within the timeout",
		todo: "look for slow queries and full pools, or raise target.timeout",
	},
	reason.FailedDNS: {
		says: "the target's name did not resolve", todo: "check target.url and the resolver of this machine",
	},
	reason.FailedRefused: {
		says: "nothing accepted the connection", todo: "see whether the service is up and its backlog full",
	},
	reason.FailedReset: {
		says: "the connection broke before the answer was whole",
		todo: "look for restarts and connection limits of the service or its proxy",
	},
	reason.FailedTLS: {
		says: "the TLS handshake failed", todo: "check the certificate and the scheme of target.url",
	},
	reason.FailedBody: {says: "the answer cannot be read", todo: "look at the sample in the report"},
	reason.FailedTooLarge: {
		says: "the answer is larger than target.max_body", todo: "ask for less, or raise max_body",
	},
	reason.FailedExpectation: {
		says: "the answer is not what was expected",
		todo: "look at the sample in the report: the answer or the expectation is wrong",
	},
	reason.FailedCapture: {
		says: "the answer holds nothing to capture", todo: "compare the capture with the sample in the report",
	},
	reason.FailedExpression: {
		says: "an expression has no value, and nothing was sent",
		todo: "see which step before it should have captured it",
	},
	reason.FailedOtherwise: {says: "{kind}"},
	reason.FailedHead: {
		says: "servers, proxies and clients refuse such heads",
		todo: "make its headers smaller, cookies first; max_body is about bodies",
	},
	reason.FailedMachine: {
		says: "the generator's own machine ran out of file descriptors or local ports",
		todo: tooFewFiles,
	},

	reason.RedirectCircle: {
		says: "the service sends clients round in a circle",
		todo: "fix its redirects, or leave follow out and say with expect what is right",
	},
	reason.RedirectChain: {
		says: "the service answers with one redirect after another", todo: "write the path at their end",
	},
	reason.RedirectNowhere: {
		says: "a redirect without a Location leads nowhere",
		todo: "fix the service; if that is what it should say, write expect: 'status == {status:digits}'",
	},
	reason.RedirectForeign: {
		says: "the service {detail}", todo: "add it under target.allow if it may be loaded, or leave follow out",
	},
	reason.RedirectBad: {says: "the service {detail}", todo: "fix its Location, or leave follow out"},
	reason.Redirected: {
		says: "answers {status:digits}, a redirect", todo: "write the path that it leads to, or follow: true",
	},
	reason.RedirectedTo: {
		says: "answers {status:digits} to {location}", todo: "write that path, or follow: true",
	},
	reason.RedirectedSlash: {
		says: "answers {status:digits} to {location}", todo: "write the slash, or follow: true",
		many: "answers {status:digits} to the path with a slash at its end",
	},
}
