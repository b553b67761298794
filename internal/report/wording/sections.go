package wording

import "maps"

// section is a table with its heading in docs/codes.md.
type section struct {
	heading string
	words   table
}

// sections are all words there are, in the order of docs/codes.md.
var sections = []section{
	{"Limits", limitWords},
	{"Resources", resourceWords},
	{"The load", loadWords},
	{"The run's health", healthWords},
	{"Files of other tools", foreignWords},
	{"Advice", adviceWords},
	{"Failed requests", failureWords},
	{"The generator", generatorWords},
	{"The target's addresses", targetWords},
	{"Exceptions", exceptionWords},
	{"Comparisons", regressWords},
	{"Earlier runs", baselineWords},
	{"Alerts", alertWords},
	{"Capacity", capacityWords},
	{"Replicas", scalingWords},
	{"What loadgate plan says", forecastWords},
	{"Causes", causeWords},
	{"The command", commandWords},
}

var all = merged()

func merged() table {
	all := table{}
	for _, s := range sections {
		maps.Copy(all, s.words)
	}
	return all
}
