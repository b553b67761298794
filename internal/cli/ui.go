package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/record"
	"github.com/loadgate/loadgate/internal/cli/site"
	"github.com/loadgate/loadgate/internal/cli/target"
	"github.com/loadgate/loadgate/internal/cli/ui"
	"github.com/loadgate/loadgate/internal/cli/web"
	"github.com/loadgate/loadgate/internal/live"
	"github.com/loadgate/loadgate/internal/thresholds"
)

func newUI(env environ.Env) *cobra.Command {
	c := uiCommand{env: env}
	cmd := &cobra.Command{
		Use:   "ui [thresholds.yaml]",
		Short: "Serve a page to plan, try, start, watch and stop runs from",
		Long: `Serve a page on this machine to choose a load, plan it, try it, start it, watch it, change
its users and stop it. Each run is kept in a folder of its own, and is what loadgate run
makes: the page shows the command.

Only those who have the address with its key see the page. Its file is fixed, and so are
the hosts that may be loaded: those of the file's target.allow that you permit.`,
		Example: `  loadgate ui --demo
  loadgate ui perf/thresholds.yaml --host http://localhost:8000`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.serve(cmd.Context(), cmd.Flags(), args) },
	}
	c.choice.Load.AddHost(cmd)
	c.choice.AddDemo(cmd)
	c.where.Add(cmd)
	cmd.Flags().StringVar(&c.address, "listen", web.DefaultAddress, "address of the page; port 0 is a free one")
	web.AddNames(cmd, &c.names)
	cmd.Flags().StringVar(&c.folder, "out", filepath.Join("loadgate-out", "ui"),
		"folder for the runs, each in one of its own")
	return cmd
}

type uiCommand struct {
	env     environ.Env
	choice  target.Flags
	address string
	names   []string
	where   record.HistoryFlag
	folder  string
}

func (c *uiCommand) serve(ctx context.Context, flags *pflag.FlagSet, args []string) (err error) {
	file := c.choice.File(args)
	s, err := c.choice.Load.Config(c.env, file, thresholds.Options{Host: c.choice.Load.Host, Unsent: true})
	if err != nil {
		return err
	}
	o := ui.Options{Folder: c.folder, Config: s, Command: c.command}
	if !c.choice.Load.UseDemoFile {
		o.File = file
	}
	if !c.choice.Demo {
		o.CheckHost = func(host string) error { return c.checkHost(file, host) }
	}
	o.Board = c.board(ctx, flags.Lookup("history"))
	flags.Visit(func(f *pflag.Flag) {
		if f.Name == "host" || f.Name == "allow" || f.Name == "demo" || strings.HasPrefix(f.Name, "demo-") {
			o.Common = append(o.Common, wordsOf(f)...)
		}
	})
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	desk := ui.New(ctx, o)
	server, err := web.Listen("--listen", live.Options{Address: c.address, Names: c.names, Page: desk.Page,
		Forms: desk.Forms(), Files: desk.Files(), Pages: desk.Pages()})
	if err != nil {
		return err
	}
	c.env.EndGently()
	web.PrintAddress(c.env.Stderr, "open", server)
	<-ctx.Done()
	desk.Wait()
	return server.Close()
}

// board is the history, whose runs are accepted and rejected by the commands that do that.
func (c *uiCommand) board(ctx context.Context, where *pflag.Flag) *site.Served {
	store := c.where.Open()
	return &site.Served{
		List:   store.List,
		Result: store.Result,
		Mark: func(id string, accepted bool, reason, by string) error {
			verb := "reject"
			if accepted {
				verb = "accept"
			}
			args := append([]string{"baseline", verb, "--reason=" + reason}, wordsOf(where)...)
			if by != "" {
				args = append(args, "--by="+by)
			}
			var wrong strings.Builder
			if c.command(ctx, append(args, "--", id), io.Discard, &wrong, nil) != 0 {
				return errors.New(strings.TrimSpace(wrong.String()))
			}
			return nil
		},
	}
}

// checkHost says whether a host of the page's form may be loaded: the file has to allow it, and who started the
// page has to permit it.
func (c *uiCommand) checkHost(file, host string) error {
	s, err := c.choice.Load.Config(c.env, file, thresholds.Options{Host: host, Unsent: true})
	if err != nil {
		return err
	}
	return load.CheckAllowed(s.Target, load.CallerAllows(c.choice.Load.Allowed, c.choice.Load.Host))
}

// command runs a command in this process, as it would run in one of its own; a step of GitHub Actions does not
// hear of it.
func (c *uiCommand) command(ctx context.Context, args []string, stdout, stderr io.Writer, w ui.Watcher) int {
	env := c.env
	env.Args, env.Stdout, env.Stderr, env.Stdin, env.Exit = args, stdout, stderr, bytes.NewReader(nil), nil
	outer := c.env.Getenv
	env.Getenv = func(name string) (string, bool) {
		if strings.HasPrefix(name, "GITHUB_") || strings.HasPrefix(name, "LOADGATE_") && name != "LOADGATE_ALLOW" {
			return "", false
		}
		return outer(name)
	}
	return main(ctx, env, w)
}
