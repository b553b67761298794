package wording

import "github.com/loadgate/loadgate/internal/reason"

var exceptionWords = table{
	reason.ExceptionIdle: {
		says: "the exception {pattern:quoted} matches no endpoint of this result",
		todo: "write the name that the result has, or leave the exception out",
	},
	reason.ExceptionNear: {todo: "did you mean {near:quoted}?"},
	reason.ExceptionsLeave: {
		says: "its exceptions leave out every endpoint that it matches, so nothing was judged",
		todo: "leave one of them in, or delete the rule",
	},
	reason.ExceptionEnded:   {says: "the exception of {endpoint} ended on {day} ({why})"},
	reason.ExceptionProlong: {todo: "or write a later until, if it is to stay left out"},
}
