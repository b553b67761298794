package reason

// What the generator was short of.
const (
	GeneratorLate         Code = "generator-late"
	GeneratorOutOfPorts   Code = "generator-out-of-ports"
	GeneratorOutOfUsers   Code = "generator-out-of-users"
	GeneratorThrottled    Code = "generator-throttled"
	GeneratorSteal        Code = "generator-steal"
	GeneratorStealSeconds Code = "generator-steal-seconds"
	GeneratorBusy         Code = "generator-busy"
	GeneratorPressure     Code = "generator-pressure"
	GeneratorWakeUps      Code = "generator-wake-ups"
	GeneratorPause        Code = "generator-pause"
)
