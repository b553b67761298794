package reason

// What an alert on a series of runs says.
const (
	AlertSlower     Code = "alert-level-changed"
	AlertEndpoint   Code = "alert-endpoint"
	AlertNoBaseline Code = "alert-no-baseline"
	AlertLeft       Code = "alert-runs-left-out"
	AlertSilent     Code = "alert-silent"
	AlertOver       Code = "alert-over"
)
