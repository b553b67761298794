package wording

import "github.com/loadgate/loadgate/internal/reason"

var baselineWords = table{
	reason.PastOtherLoad:      {says: "of another profile or load"},
	reason.PastOtherHost:      {says: "of another host"},
	reason.PastOtherMachine:   {says: "on another class of runner"},
	reason.PastOtherBranch:    {says: "of another branch"},
	reason.PastRejected:       {says: "rejected"},
	reason.PastUnfinished:     {says: "not run to their end"},
	reason.PastNotPassed:      {says: "that did not pass"},
	reason.PastFailed:         {says: "that failed"},
	reason.PastUnjudged:       {says: "that could not be judged as a whole"},
	reason.PastGeneratorLate:  {says: "whose generator was too late"},
	reason.PastBeforeAccepted: {says: "before the one that was accepted"},

	reason.EditNew:     {says: "{endpoint} is new"},
	reason.EditChanged: {says: "{endpoint} changed"},
	reason.EditRate:    {says: "{endpoint} is sent {times} times as often"},
	reason.EditRenamed: {says: "{endpoint} was {was}"},
	reason.EditGone:    {says: "{endpoint} is gone"},

	reason.RunRejected:   {says: "rejected: {why}"},
	reason.RunUnfinished: {says: "it did not run to its end"},
	reason.RunNotPassed:  {says: "it did not pass"},
	reason.RunUnfit:      {says: "{why}"},
}
