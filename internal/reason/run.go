package reason

// What happened to a run, so that it can be judged in part or not at all.
const (
	ResultDamaged Code = "result-damaged"

	Frozen        Code = "frozen"
	TimeStretch   Code = "time-stretch"
	ProbeDisturbs Code = "probe-disturbs"
	TargetSilent  Code = "target-silent"
	TargetStopped Code = "target-stopped"

	ShardInterrupted Code = "shard-interrupted"
	ShardSilent      Code = "shard-silent"
	ShardCut         Code = "shard-cut"
)

// What the exceptions of the file come to.
const (
	ExceptionIdle    Code = "exception-idle"
	ExceptionNear    Code = "exception-near"
	ExceptionsLeave  Code = "exceptions-leave-nothing"
	ExceptionEnded   Code = "exception-ended"
	ExceptionProlong Code = "exception-prolong"
)
