package reason

// What a search says of replicas.
const (
	ScalingByRequests   Code = "scale-by-requests"
	ScalingByCores      Code = "scale-by-cores"
	ScalingByUsedLimit  Code = "scale-by-used-limit"
	ScalingRefused      Code = "scaling-refused"
	ScalingNothingHeld  Code = "scaling-nothing-held"
	ScalingRateUnknown  Code = "scaling-rate-unknown"
	ScalingSharedBroke  Code = "scaling-shared-resource-broke"
	ScalingSharedCause  Code = "scaling-shared-cause"
	ScalingRetrograde   Code = "scaling-throughput-falls"
	ScalingFallsShort   Code = "scaling-replicas-fall-short"
	ScalingNotCPU       Code = "scaling-cpu-did-not-break"
	ScalingCPUUnbroken  Code = "scaling-nothing-broke-cpu"
	ScalingCPUUnread    Code = "scaling-cpu-unread"
	ScalingOneCount     Code = "scaling-one-replica-count"
	ScalingNotBroken    Code = "scaling-nothing-broke"
	ScalingMachineBroke Code = "scaling-machine-broke"
)
