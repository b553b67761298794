package cli

import (
	"github.com/spf13/cobra"
)

// loadFlags are the flags that choose and change a profile; they follow
// Locust where Locust has one.
type loadFlags struct {
	host      string
	profile   string
	users     int
	spawnRate string
	rate      string
	runTime   string
	pace      string
	seed      uint64
	seedGiven func() bool
	mostUsers int // of an open load on this machine; 0: as many as there are by default
	shard     string
	carried   bool // no file is named and none is there: that of the stand-in is read
	smoke     bool // failures alone, in seconds
	whole     bool // the command speaks of the whole run, whatever shard is asked for
	unsent    bool // the command sends and probes nothing
	allowed   []string
}

func (f *loadFlags) add(cmd *cobra.Command) {
	f.addHost(cmd)
	f.addLoad(cmd)
	f.addShard(cmd)
}

// addHost adds where the load goes.
func (f *loadFlags) addHost(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.host, "host", "H", "", "URL of the service, instead of target.url")
	f.addAllow(cmd)
}

// addAllow adds the caller's word for what the file asks for.
func (f *loadFlags) addAllow(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.allowed, "allow", nil,
		"let the file use this of its target.allow too: a host, a prefix, unix:PATH or commands (may be repeated)")
}

// addLoad adds those that say what the load is and how much.
func (f *loadFlags) addLoad(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.addKind(cmd)
	f.addUsers(cmd)
	flags.StringVar(&f.rate, "rate", "", "arrivals, such as 50/s, instead of those of a profile with a rate")
	flags.StringVarP(&f.runTime, "run-time", "t", "", "duration with ramp and warm-up, such as 5m")
}

// addKind adds those that say what the load is, and not how much.
func (f *loadFlags) addKind(cmd *cobra.Command) {
	f.addChoice(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.spawnRate, "spawn-rate", "r", "", "users started per second, such as 10/s")
	flags.StringVar(&f.pace, "pace", "", "divide think times by a number, or auto")
}

// addTry adds those that change what a try-out sends: it walks one user of each
// group that has one in the load, or in the shard of it.
func (f *loadFlags) addTry(cmd *cobra.Command) {
	f.addHost(cmd)
	f.addChoice(cmd)
	f.addUsers(cmd)
	f.addShard(cmd)
}

func (f *loadFlags) addShard(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.shard, "shard", "", "walk one part of the users only, such as 2/4; needs --seed")
}

func (f *loadFlags) addUsers(cmd *cobra.Command) {
	cmd.Flags().IntVarP(&f.users, "users", "u", 0, "virtual users, instead of the profile's")
}

// addChoice adds those that choose among loads of one kind.
func (f *loadFlags) addChoice(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "profile of the file (default: its default_profile)")
	flags.Uint64Var(&f.seed, "seed", 0, "seed of every random choice (default: a new one, printed)")
	f.seedGiven = func() bool { return changed(flags, "seed") }
}
