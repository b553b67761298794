package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// In the scripts loadgate is this very program. Stories wait for their load more
// than they compute, so four share a processor; -parallel says otherwise.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	// Under nohup a hang-up is ignored, and who is started here would inherit that;
	// what is caught is not inherited. A story asks what a hang-up does.
	if signal.Ignored(syscall.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	}
	testscript.Main(m, map[string]func(){"loadgate": main, "streams": streams})
}

// The scripts are the users' stories: a command line in; standard output,
// standard error, files and exit code out.
func TestScripts(t *testing.T) {
	t.Parallel()
	tell(t, "script")
}

var long = flag.Bool("long", false, "tell the stories that take minutes, too")

// Stories that take minutes of load are told where there is time for them.
func TestLongScripts(t *testing.T) {
	if !*long {
		t.Skip("minutes of load; -long tells them")
	}
	tell(t, "script_long")
}

// tell runs the scripts of a folder of testdata.
func tell(t *testing.T, folder string) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(root, "testdata", folder),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"record":   record,
			"widths":   widths,
			"await":    await,
			"freeport": freeport,
		},
		// The superuser writes where nobody may.
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return os.Geteuid() == 0, nil
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("NO_COLOR", "")
			return nil
		},
	})
}
