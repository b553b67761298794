package workers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/fleet/coordinator"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/regular"
)

// stateFile is where a run keeps, beside the journals of its workers, what another process needs to go on with it. It
// holds the secret of the fleet, and goes with the end of the run.
const stateFile = "fleet.json"

// largestState is how many bytes that file may have: a worker has some hundreds in it.
const largestState = 64 << 20

// Begun is a run whose process is gone, while its workers may go on.
type Begun struct {
	Listen string            `json:"listen,omitempty"` // where the hub was
	NATS   string            `json:"nats,omitempty"`   // the server in its place
	Creds  []byte            `json:"creds,omitempty"`  // for that server
	Seed   string            `json:"seed"`             // of the hub
	Kept   bool              `json:"kept,omitempty"`   // loadgate setup made what its users read
	Fleet  coordinator.State `json:"fleet"`

	seed hub.Seed
}

// ReadBegun reads what a run has left in its folder.
func ReadBegun(folder string) (*Begun, error) {
	name := filepath.Join(folder, Folder, stateFile)
	text, err := regular.Read(name, largestState)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no run that could go on: one of workers on other machines can, until it ends",
			folder)
	}
	b := &Begun{}
	if err == nil {
		err = json.Unmarshal(text, b)
	}
	if err == nil {
		b.seed, err = hub.ParseSeed(b.Seed)
	}
	if err == nil && (len(b.Fleet.Members) == 0 || b.Fleet.Round.Number < 1) {
		err = errors.New("no round of workers has begun in it")
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, failure.WithoutPath(err))
	}
	return b, nil
}

// Options are those of the plan of the run.
func (b *Begun) Options() (o plan.Options, err error) {
	if err = json.Unmarshal(b.Fleet.Round.Options, &o); err != nil {
		err = fmt.Errorf("read the options of the run: %w", err)
	}
	return o, err
}

// save keeps what another process needs, readable for the owner alone.
func (f *Fleet) save(folder string, seed hub.Seed, nats NATS, kept bool) func(coordinator.State) error {
	f.state = filepath.Join(folder, Folder, stateFile)
	b := Begun{NATS: nats.URL, Creds: nats.Creds, Seed: seed.Text(), Kept: kept}
	if f.hub != nil {
		b.Listen = f.hub.Address()
	}
	return func(s coordinator.State) error {
		b.Fleet = s
		text, err := json.Marshal(b)
		if err != nil {
			return err
		}
		return output.WritePrivate(f.state, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
	}
}

// forget removes what was saved: after the end nobody goes on.
func (f *Fleet) forget() error {
	if f.state == "" {
		return nil
	}
	if err := os.Remove(f.state); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure.CouldNotRun(fmt.Errorf("remove %s: %w", f.state, failure.WithoutPath(err)))
	}
	return nil
}

func journalName(folder string, k int) string {
	return filepath.Join(folder, Folder, fmt.Sprintf("%d.ndjson", k))
}

// kept opens what a run has kept of the journal of a worker, which may be nothing.
func kept(folder string) func(k int) (io.ReadCloser, error) {
	return func(k int) (io.ReadCloser, error) {
		in, err := regular.Open(journalName(folder, k))
		if errors.Is(err, fs.ErrNotExist) {
			return io.NopCloser(bytes.NewReader(nil)), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", journalName(folder, k), failure.WithoutPath(err))
		}
		return in, nil
	}
}

// more opens journals to go on with. A last line that a kill has torn goes.
func more(folder string) func(k int) (io.WriteCloser, error) {
	return func(k int) (io.WriteCloser, error) {
		name := journalName(folder, k)
		out, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o644)
		if err == nil {
			if err = cutTorn(out); err != nil {
				err = errors.Join(err, out.Close())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", name, failure.WithoutPath(err))
		}
		return out, nil
	}
}

// cutTorn cuts a file behind its last whole line, and goes there.
func cutTorn(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	block := make([]byte, 64<<10)
	for end > 0 {
		from := max(0, end-int64(len(block)))
		part := block[:end-from]
		if _, err := f.ReadAt(part, from); err != nil {
			return err
		}
		if at := bytes.LastIndexByte(part, '\n'); at >= 0 {
			end = from + int64(at) + 1
			break
		}
		end = from
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err = f.Seek(end, io.SeekStart)
	return err
}
