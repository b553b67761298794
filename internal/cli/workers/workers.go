// Package workers is the fleet of a run: the hub in this process, the coordinator, and the workers that are started on
// this machine where no others are asked for.
package workers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/launch"
	"github.com/loadgate/loadgate/internal/experiment"
	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
	"github.com/loadgate/loadgate/internal/process"
	"github.com/loadgate/loadgate/internal/report/content"
	"github.com/loadgate/loadgate/internal/unit"
)

// SecretVariable is where a worker finds its join secret: a flag could be read by everybody on the machine.
const SecretVariable = "LOADGATE_JOIN_TOKEN"

// Folder is where the journals of the workers are, in that of the run.
const Folder = "workers"

// Fleet is the workers of a run.
type Fleet struct {
	hub         *hub.Hub // nil: a NATS server of somebody else
	secret      fleet.Secret
	conn        *link.Conn
	coordinator *coordinator.Coordinator
	local       []*process.Process
	logs        []*os.File
	watching    sync.WaitGroup // of local
	begun       *Begun         // a run that goes on, until its machine is made; nil: a new one
	state       string         // file in which it is kept what another process needs to go on; "": none
}

// Open starts the hub, and the workers of this machine if no others are asked for. They may load what allowed permits.
// Close ends it all, also after an error.
func Open(ctx context.Context, env environ.Env, f Flags, load coordinator.Load, allowed []string, folder string,
	w io.Writer) (_ *Fleet, err error) {
	fleet := &Fleet{}
	defer func() {
		if err != nil {
			err = failure.CouldNotRun(errors.Join(err, fleet.Close()))
		}
	}()
	seed := f.seed
	switch {
	case f.begun != nil:
		seed = f.begun.seed
	case seed == (hub.Seed{}):
		seed = hub.NewSeed()
	}
	if err = fleet.connect(seed, f); err != nil {
		return nil, err
	}
	o := coordinator.Options{
		Load: load, Workers: f.count, Version: buildinfo.Version(), Within: f.within,
		Print: func(format string, args ...any) { console.Print(w, format, args...) },
	}
	if f.remote() { // workers of this machine end with this process
		o.Save = fleet.save(folder, seed, f.nats, f.Kept)
	}
	if f.begun != nil {
		fleet.begun = f.begun
		console.Print(w, "going on with the run of %s at %s", unit.Counted(f.count, "worker"), fleet.at(f))
		fleet.coordinator, err = coordinator.Resume(fleet.conn, o, f.begun.Fleet)
		return fleet, err
	}
	if fleet.coordinator, err = coordinator.New(fleet.conn, o); err != nil {
		return nil, err
	}
	if f.remote() {
		fleet.invite(env.Stderr, f)
		return fleet, nil
	}
	if err = fleet.start(ctx, env, f.count, allowed, folder); err != nil {
		return nil, err
	}
	return fleet, nil
}

// connect opens what the workers meet the run at.
func (f *Fleet) connect(seed hub.Seed, flags Flags) (err error) {
	if flags.nats.Asked() {
		var key link.Key
		if key, f.secret, err = seed.Outside(); err != nil {
			return err
		}
		f.conn, err = link.ServeOutside(flags.nats.Outside, f.secret, key)
		return err
	}
	if f.hub, err = hub.StartAs(seed, cmp.Or(flags.listen, "127.0.0.1:0")); err != nil {
		return err
	}
	f.secret = f.hub.Secret()
	f.conn, err = f.hub.Connect()
	return err
}

// at is where the workers meet the run.
func (f *Fleet) at(flags Flags) string {
	if f.hub == nil {
		return flags.nats.String()
	}
	return f.hub.Address()
}

// workers is how many are connected, as far as that is known; above 0: some may be.
func (f *Fleet) workers() int {
	if f.hub == nil {
		return 1
	}
	return f.hub.Workers()
}

// RemoveOld removes what the workers of an earlier run left in the folder of a run: judged with the journals of this
// one, they would be part of it.
func RemoveOld(folder string) error {
	folder = filepath.Join(folder, Folder)
	old, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range old {
		number, ext, _ := strings.Cut(entry.Name(), ".")
		if _, bad := strconv.Atoi(number); bad == nil && (ext == "ndjson" || ext == "log") {
			err = errors.Join(err, os.Remove(filepath.Join(folder, entry.Name())))
		}
	}
	if err != nil {
		return failure.CouldNotRun(fmt.Errorf("remove the journals of an earlier run: %w", err))
	}
	return nil
}

// invite says how the other machines join. The secret is shown here, and nowhere else; not at all where it is known,
// since whoever gave the seed has given the secret to the workers too.
func (f *Fleet) invite(w io.Writer, flags Flags) {
	if flags.seed != (hub.Seed{}) {
		console.Print(w, "waiting for %s at %s; the join secret is that of %s",
			unit.Counted(flags.count, "worker"), f.at(flags), SeedVariable)
		return
	}
	where := "--nats " + f.at(flags)
	if f.hub != nil {
		host, port, _ := net.SplitHostPort(f.hub.Address())
		if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
			host = "HOST"
		}
		where = net.JoinHostPort(host, port)
	}
	console.Print(w, "waiting for %s; on each machine:", unit.Counted(flags.count, "worker"))
	console.Print(w, "  export %s=%s", SecretVariable, f.secret.Text())
	console.Print(w, "  loadgate worker %s --allow TARGET", where)
}

// start starts workers on this machine.
func (f *Fleet) start(ctx context.Context, env environ.Env, count int, allowed []string, folder string) error {
	if env.Executable == nil {
		return errors.New("start the workers: this program cannot be run again")
	}
	self, err := env.Executable()
	if err != nil {
		return fmt.Errorf("start the workers: %w", err)
	}
	folder = filepath.Join(folder, Folder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write %s: %w", folder, failure.WithoutPath(err))
	}
	for k := range count {
		name := fmt.Sprintf("local-%d", k+1)
		words := []string{"exec", content.ShellWord(self), "worker", f.hub.Address(), "--index", fmt.Sprint(k),
			"--name", name}
		for _, entry := range allowed {
			words = append(words, "--allow", content.ShellWord(entry))
		}
		log := filepath.Join(folder, fmt.Sprintf("%d.log", k+1))
		out, err := os.OpenFile(log, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_RDWR, 0o600)
		if err != nil {
			return fmt.Errorf("write %s: %w", log, failure.WithoutPath(err))
		}
		f.logs = append(f.logs, out)
		// It outlives an interruption, so that its users in flight are answered and counted.
		p, err := process.Start(context.WithoutCancel(ctx), process.Command{
			Line: strings.Join(words, " "), Log: out, Env: childEnvironment(f.secret),
			Supervisor: []string{self, launch.SuperviseCommand},
		})
		if err != nil {
			return fmt.Errorf("start the workers: %w", err)
		}
		f.local = append(f.local, p)
		f.watching.Go(func() {
			<-p.Exited()
			if err := p.Err(); err != nil {
				f.coordinator.Ended(name, fmt.Errorf("%w; see %s", err, log))
			}
		})
	}
	return nil
}

// childEnvironment is ours without what flags of this command are set by.
func childEnvironment(secret fleet.Secret) []string {
	var all []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "LOADGATE_") {
			all = append(all, pair)
		}
	}
	return append(all, SecretVariable+"="+secret.Text())
}

// Unsaved is why the journals of the workers are not whole; nil: they are. The runs are, in any case.
func (f *Fleet) Unsaved() error { return f.coordinator.Unsaved() }

// Machine makes runs of all workers.
func (f *Fleet) Machine(w coordinator.Watch) experiment.Machine { return f.coordinator.Machine(w) }

// Recorded makes a run of all workers whose journals are kept in its folder. The first of a run that goes on is that.
func (f *Fleet) Recorded(folder string, w coordinator.Watch) experiment.Machine {
	if f.begun != nil {
		f.begun = nil
		w.Journal = more(folder)
		return f.coordinator.Continue(w, kept(folder))
	}
	w.Journal = journals(folder)
	return f.coordinator.Machine(w)
}

// journals opens the journals of the workers of a run in its folder.
func journals(folder string) func(k int) (io.WriteCloser, error) {
	return func(k int) (io.WriteCloser, error) {
		name := journalName(folder, k)
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			var out *os.File
			if out, err = os.Create(name); err == nil {
				return out, nil
			}
		}
		return nil, fmt.Errorf("write %s: %w", name, failure.WithoutPath(err))
	}
}

// Close tells the workers to end, and ends those of this machine and the hub.
func (f *Fleet) Close() error {
	if f == nil {
		return nil
	}
	if f.coordinator != nil {
		f.coordinator.Close(f.workers)
	}
	var err error
	for _, p := range f.local {
		err = errors.Join(err, p.Stop())
	}
	f.watching.Wait()
	for _, log := range f.logs {
		err = errors.Join(err, log.Close())
	}
	err = errors.Join(err, f.forget())
	if f.conn != nil {
		f.conn.Close()
	}
	if f.hub != nil {
		f.hub.Close()
	}
	return err
}

// Cores is how many this machine has for loadgate.
func Cores() int { return runtime.GOMAXPROCS(0) }
