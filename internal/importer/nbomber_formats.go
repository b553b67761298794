package importer

// nbomberFormats are NBomber's report, in the order in which they are tried.
func nbomberFormats() []Kind {
	return []Kind{
		{Name: "nbomber", Tool: "NBomber", sniff: sniffNBomber, figures: readNBomber},
	}
}
