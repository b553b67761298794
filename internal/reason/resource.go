package reason

// What a limit on a resource came to.
const (
	ResourceUnread        Code = "resource-unread"
	ResourceSkipped       Code = "resource-skipped"
	ResourceUnlooked      Code = "resource-not-looked-at"
	ResourceUnmeasured    Code = "resource-not-measured"
	ResourceUncounted     Code = "resource-counters-idle"
	ResourceFewReadings   Code = "resource-few-readings"
	ResourceBroken        Code = "resource-limit-broken"
	ResourceTotalBroken   Code = "resource-total-broken"
	ResourceProbe         Code = "resource-probe-blocks"
	ResourceSilent        Code = "resource-silent"
	ResourceHalfRead      Code = "resource-half-measured"
	ResourceAlwaysZero    Code = "resource-always-zero"
	ResourceWarning       Code = "resource-warning-broken"
	ResourceLooksFailed   Code = "resource-looks-failed"
	ResourceNeverMoved    Code = "resource-never-moved"
	ResourceGrows         Code = "resource-grows"
	ResourceGrowthUnknown Code = "resource-growth-unknown"
	ResourcesWatched      Code = "resources-watched"
	ResourceFigure        Code = "resource-figure"
	GeneratorShare        Code = "generator-share"
	LooksFailed           Code = "looks-failed"
)

// What to do about a resource.
const (
	SeeHostCPU      Code = "see-host-cpu"
	SeeConnections  Code = "see-connections"
	SeeHits         Code = "see-hits"
	SeeMemory       Code = "see-memory"
	SeeResource     Code = "see-resource"
	SeeWhatHappened Code = "see-what-happened"
	SeeUnstable     Code = "see-unstable"
)
