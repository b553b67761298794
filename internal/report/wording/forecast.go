package wording

import "github.com/loadgate/loadgate/internal/reason"

// orLonger says where a longer duration is written: of a run, or of one of several loads.
const orLonger = "[, or --run-time {run_time:compact}][, or duration: {duration:compact} in load {load}]"

var forecastWords = table{
	reason.PlanTooShort: {
		says: "{measured} of measured time is too short for intervals",
		todo: "measure at least {needed}: [--run-time {run_time:compact}|duration: {duration:compact} " +
			"in load {load}] (failures alone need ten seconds: run --smoke)",
	},
	reason.PlanNeverShown: {
		says: "no number of requests shows that none will ever fail", todo: "allow a small share of failures",
	},
	reason.PlanTooFew: {says: "{expected:expected} requests are expected, about {needed} decide it"},
	reason.PlanEndsTogether: {
		says: "all users leave when the load ends, and an interval needs their end steps spread over time",
		todo: "let users leave in a stage, or judge values only (decide: point)",
	},
	reason.PlanUsersUnknown: {
		says: "each user sends it once, and how many users a rate needs is not known in advance",
		todo: "judge the steps of the rounds, or use users in place of a rate",
	},
	reason.PlanNoRequests: {
		says: "no request is expected: its group has no user", todo: useMoreUsers,
	},
	reason.PlanFloorTooHigh: {
		says: "it asks for {wanted}, and the profile offers at most {offered} with [{users:user}|{load}]",
	},
	reason.PlanFloorNear: {says: "{offered} are offered, little more than the {wanted} asked for"},
	reason.PlanArrivals:  {says: "its arrivals"},
	reason.PlanStages:    {says: "its stages"},

	reason.PlanMoreRounds:   {todo: "{factor} times as many rounds, or rows"},
	reason.PlanLongerStages: {todo: "stages {factor} times as long, or with as much more load"},
	reason.PlanHigherRate:   {todo: "a rate of {rate}" + orLonger},
	reason.PlanMoreStarts:   {todo: "{users:user}: each sends its start and end steps once, at any pace"},
	reason.PlanBeyondAutoPace: {
		todo: "pace: auto does not go beyond {pace}; {users:user}" + orLonger,
	},
	reason.PlanHigherPace: {
		todo: "a pace {factor} times as high (or pace: auto), {users:user}" + orLonger,
	},
	reason.PlanMoreUsers: {todo: useMoreUsers},

	reason.PlanStagesOffer: {todo: "stages with {factor} times the load offer that"},
	reason.PlanRateOffers:  {todo: "a rate of {rate} offers that"},
	reason.PlanUsersOffer:  {todo: "about {users:user} offer that, or a pace {factor} times as high"},

	reason.PlanStagesRoom: {todo: "stages with {factor} times the load leave room"},
	reason.PlanRateRoom:   {todo: "a rate of {rate} leaves room"},
	reason.PlanUsersRoom:  {todo: "{users:user} leave room"},
}
