package export

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// The steps before the load and after it belong to no user: both tools call functions of the script for them, once.

// betweenSteps is what k6 gets beside the timeouts of the steps: for its own work on the answers.
const betweenSteps = 10 * time.Second

// k6Names are the constants that hold steps. No group has such a name: those have no capitals.
func k6Names(kind string, steps []step) []string {
	var names []string
	for i := range steps {
		names = append(names, fmt.Sprintf("%sStep%d", kind, i+1))
	}
	return names
}

// longest is how long steps can take one after the other.
func longest(steps []step) time.Duration {
	sum := betweenSteps
	for _, st := range steps {
		sum += st.Timeout
	}
	return sum
}

// k6OnceOptions keeps k6 from ending setup and teardown after a minute, where their steps have longer.
func (s *script) k6OnceOptions(w io.Writer) {
	if len(s.setup) > 0 {
		both := longest(s.setup) + longest(s.teardown) // what a failed setup made is torn down in its time
		fmt.Fprintf(w, "  setupTimeout: %q,\n", seconds(both))
	}
	if len(s.teardown) > 0 {
		fmt.Fprintf(w, "  teardownTimeout: %q,\n", seconds(longest(s.teardown)))
	}
}

// k6Once are the functions that k6 calls before the load and after it. It calls no teardown after a setup that failed.
func (s *script) k6Once(w io.Writer) {
	steps := func(kind string, all []step) string {
		names := k6Names(kind, all)
		for i, st := range all {
			s.k6Step(w, names[i], st)
		}
		return strings.Join(names, ", ")
	}
	undo := ""
	if len(s.teardown) > 0 {
		undo = k6Undo
		fmt.Fprintf(w, k6Teardown, steps("teardown", s.teardown))
	}
	if len(s.setup) > 0 {
		fmt.Fprintf(w, k6Setup, steps("setup", s.setup), undo)
	}
}

const k6Undo = `
      teardown(u);`

const k6Setup = `// Sent once, before the load. What it captures is u.setup of all users; where a step fails, nothing is loaded.
export function setup() {
  const u = Object.create(null);
  me = { u, drawn: 2000000 }; // seq() gives numbers that no user has
  for (const step of [%s]) {
    const why = step(u);
    if (why) {%s
      throw new Error("setup: " + why + "; nothing is loaded");
    }
  }
  return u;
}

`

const k6Teardown = `// Sent once, after the load: each step, whatever became of the others.
export function teardown(setup) {
  const u = Object.create(null);
  u.setup = setup;
  me = { u, drawn: 3000000 };
  for (const step of [%s]) {
    const why = step(u);
    if (why) console.warn("teardown: " + why + "; what it should have removed may be left behind");
  }
}

`

// k6OnceNotes says what is not the same of setup and teardown in k6.
func (s *script) k6OnceNotes() {
	if s.once() {
		s.note("requests of setup and teardown are in k6's own summary; loadgate check leaves them out of its points")
	}
}

// locustOnceNotes says it of Locust.
func (s *script) locustOnceNotes() {
	if s.once() {
		s.note("one process sends setup and teardown: the script ends at once with --master, --worker or --processes")
	}
	if len(s.setup) > 0 && len(s.plan.Stages) == 0 {
		s.note("the time that setup takes is part of the time of -t")
	}
}

// locustFrom imports what the script has of Locust.
func (s *script) locustFrom(w io.Writer) {
	if !s.once() {
		fmt.Fprint(w, locustUsers, "from requests import RequestException\n\n")
		return
	}
	withEvents := strings.Replace(locustUsers, "between", "between, events", 1)
	fmt.Fprint(w, "from gevent import GreenletExit, spawn\n", withEvents, locustParts)
}

// once reports whether there are steps before or after the load.
func (s *script) once() bool { return len(s.setup)+len(s.teardown) > 0 }

// locustOnce are the steps before and after the load, and the listeners that send them.
func (s *script) locustOnce(w io.Writer) {
	if !s.once() {
		return
	}
	fmt.Fprint(w, locustBeside)
	list := func(kind string, steps []step) string {
		var names []string
		for i, st := range steps {
			name := fmt.Sprintf("%s_%d", kind, i+1)
			s.locustStep(w, name, st)
			names = append(names, name)
		}
		return strings.Join(names, ", ")
	}
	fmt.Fprintf(w, "\n    setup = [%s]\n", list("setup", s.setup))
	fmt.Fprintf(w, "\n    teardown = [%s]\n", list("teardown", s.teardown))
	fmt.Fprint(w, locustListeners)
}

const locustUsers = "from locust import HttpUser, LoadTestShape, between, task\n"

const locustParts = `from locust.clients import HttpSession
from locust.event import EventHook
from locust.runners import MasterRunner, WorkerRunner
from requests import RequestException

`

const locustBeside = `class Beside(Sender):
    """Sends what no user does, once before the load and once after it. Its requests are in no statistics."""

    begun = ready = False

    def __init__(self, environment):
        self.client = HttpSession(environment.host or BASE, EventHook(), None)
        self.client.verify = VERIFY

    def sent(self, step, u):
        """Why a step failed; empty: it did not."""
        try:
            return step(self, u) or ""
        except Exception as odd:  # such as an address that is none
            return f"{step.__name__}: {type(odd).__name__}"
`

const locustListeners = `

@events.init.add_listener
def alone(environment, **_):
    if isinstance(environment.runner, (MasterRunner, WorkerRunner)):
        sys.exit("setup and teardown are sent once, by one process: run this script without --master, --worker and --processes")


@events.test_start.add_listener
def before(environment, **_):
    Beside.begun = True
    made.clear()
    beside = Beside(environment)
    for step in Beside.setup:
        why = beside.sent(step, made)
        if why:
            after(environment)  # what was made is removed
            environment.process_exit_code = 1
            print("setup: " + why + "; nothing is loaded", file=sys.stderr, flush=True)
            spawn(leave, environment)
            raise GreenletExit  # from the greenlet that would spawn the users
    Beside.ready = True


def leave(environment):
    environment.runner.quit()
    if environment.web_ui:
        environment.web_ui.stop()


@events.test_stop.add_listener
def after(environment, **_):
    if not Beside.begun:
        return  # no test began, or it is torn down
    Beside.begun = Beside.ready = False
    beside, u = Beside(environment), {"setup": made}
    for step in Beside.teardown:
        why = beside.sent(step, u)
        if why:
            logging.warning("teardown: " + why + "; what it should have removed may be left behind")


`

// locustHold keeps a load of stages from going on while setup is sent. Locust begins another test where it asks for
// another number of users before the first of them are there, and its clock is already running.
func (s *script) locustHold() string {
	if len(s.setup) == 0 {
		return ""
	}
	return `
        if not Beside.ready:
            self.reset_time()
            return 1, 100`
}
