package wording

import "github.com/loadgate/loadgate/internal/reason"

// Commands end so beside their verdict, or without one.
var commandWords = table{
	reason.NotRun:      {says: "loadgate {command} ended with {exit_code:digits}"},
	reason.NotFinished: {says: "loadgate could not finish[: {failures}]"},
}
