package probe_test

import (
	"os"
	"testing"

	"github.com/loadgate/loadgate/internal/probe"
)

// A command sees of the environment what it needs and what the file lists.
func TestCommandSeesAPartOfTheEnvironment(t *testing.T) {
	all := map[string]string{"PATH": os.Getenv("PATH"), "HOME": "/home/ada",
		"LANG": "C", "LISTED": "7", "AWS_SECRET_ACCESS_KEY": "s3cret"}
	world := &probe.World{Getenv: func(name string) (string, bool) { value, ok := all[name]; return value, ok }}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
	one := resource(t, `{from: command, run: 'env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= | wc -l'}`).Probe
	one.Env = []string{"LISTED", "NOT_SET"}
	opened, err := world.Open(one)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := opened.Read(t.Context()); err != nil || v.Number != 4 {
		t.Errorf("the command sees %v variables, %v; want PATH, HOME, LANG and LISTED", v.Number, err)
	}
	one.Command = `echo "${LISTED}${AWS_SECRET_ACCESS_KEY}"`
	if opened, err = world.Open(one); err != nil {
		t.Fatal(err)
	}
	if v, err := opened.Read(t.Context()); err != nil || v.Number != 7 {
		t.Errorf("the command printed %v, %v; want 7", v.Number, err)
	}
}
