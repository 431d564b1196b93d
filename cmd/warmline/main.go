// Warmline stands between a company's support AI and its people: it answers what it is sure of, drafts what it is
// nearly sure of, and hands everything else to a human in Slack.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "dev"

// cli is every command with its flags.
type cli struct {
	Demo      demoCmd      `cmd:"" help:"Start a company in a box: Slack, helpdesk and bot in one process."`
	Serve     serveCmd     `cmd:"" help:"Run the bot against a Slack workspace and a helpdesk."`
	Workspace workspaceCmd `cmd:"" help:"Run the Slack workspace in a box alone, for any Slack app."`
	Desk      deskCmd      `cmd:"" help:"Run the built-in helpdesk alone."`
	Connect   connectCmd   `cmd:"" help:"Connect a helpdesk: check the account, say what will work, register its webhook."`
	Import    importCmd    `cmd:"" help:"Read a helpdesk's past tickets, macros and articles into files."`
	Pack      packCmd      `cmd:"" help:"Build or look at the optional semantic pack."`
	Doctor    doctorCmd    `cmd:"" help:"Check files, database, Slack and helpdesk, and say how to mend what is wrong."`
	Audit     auditCmd     `cmd:"" help:"Print the log of who did what and who was refused, and verify it."`
	Decide    decideCmd    `cmd:"" help:"Decide tickets of a file, and print what would be done with each."`
	Simulate  simulateCmd  `cmd:"" help:"Replay past tickets: which confidence keeps your wrong-answer budget."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

const about = `Warmline hands support tickets to people in Slack, warm.

Examples:
  warmline demo                              try everything, no account needed
  SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… \
    warmline serve --db warmline.db          run it for your team
  warmline connect zendesk                   connect your helpdesk
  warmline simulate --history tickets.jsonl  what it would have answered, and how much of it wrong
  warmline workspace --config slack.yaml     a Slack workspace for testing any app
  warmline COMMAND --help                    what a command can do`

// usageError is a mistake of whoever started the program: one line, exit code 2.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with everything that it touches as arguments. It returns the exit code: 0, 1 for a failure, 2 for a
// mistake in how it was started.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exit := -1
	parser, err := kong.New(&c, kong.Name("warmline"), kong.Description(about), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&streams{out: stdout, err: stderr}))
	if err != nil {
		fmt.Fprintln(stderr, "warmline:", err)
		return 1
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		fmt.Fprintln(stderr, "warmline:", err)
		fmt.Fprintln(stderr, "Run warmline --help to see what it can do.")
		return 2
	}
	err = parsed.Run()
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "warmline:", err)
		return 2
	}
	fmt.Fprintln(stderr, "warmline:", err)
	return 1
}

// streams are where a command writes.
type streams struct{ out, err io.Writer }

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(s *streams) error {
	_, err := fmt.Fprintln(s.out, "warmline", version)
	return err
}
