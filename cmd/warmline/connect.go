package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"warmline/helpdesk"
)

type connectCmd struct {
	Vendor  string            `arg:"" optional:"" help:"Which helpdesk; without it all are listed."`
	Name    string            `help:"What to call the account; default the vendor's name. It stands in its webhooks' address."`
	Set     map[string]string `placeholder:"NAME=VALUE" help:"A setting of the account that is no secret."`
	HookURL string            `placeholder:"URL" help:"Public address of this account's webhooks, https://…/hooks/NAME; without it changes are found by polling."`
	File    string            `default:"helpdesks.yaml" env:"WARMLINE_HELPDESKS" help:"The file of connected helpdesks, which is made or added to."`
}

// Help is shown below the flags.
func (connectCmd) Help() string {
	return `Secrets come from the environment, named after account and setting, never from the command line:

  warmline connect                       which helpdesks there are
  warmline connect zendesk               what it needs, and where to find it
  export SHOP_TOKEN=…
  warmline connect zendesk --name shop --set url=acme --set email=bot@acme.example

It asks the account who we are and what we may do, says row by row what will work, and writes helpdesks.yaml, which holds no
secret. With --hook-url it registers the webhook where the vendor lets us, and else prints what to enter where.`
}

// Run connects one account.
func (c *connectCmd) Run(ctx context.Context, s *streams) error {
	if c.Vendor == "" {
		return listVendors(s.out)
	}
	v, err := vendorOf(c.Vendor)
	if err != nil {
		return &usageError{err}
	}
	if c.Name == "" {
		c.Name = v.Name
	}
	a, err := c.account(v)
	if err != nil {
		explain(s.out, c.Name, v)
		return &usageError{err}
	}
	file, err := accountsFile(c.File, c.Name) // before the vendor is told of a webhook
	if err != nil {
		return err
	}
	if err := c.check(ctx, s.out, v, a); err != nil {
		return err
	}
	env := map[string]string{}
	for _, setting := range v.Settings {
		if setting.Secret && a.Settings[setting.Name] != "" {
			env[setting.Name] = envName(c.Name, setting.Name)
		}
	}
	hookEnv := ""
	if c.HookURL != "" {
		hookEnv = envName(c.Name, "hook_secret")
	}
	whole := append(bytes.TrimRight(file, "\n"), "\n"+c.stanza(v, env, hookEnv)...)
	if err := replaceFile(c.File, whole); err != nil { // cut short it would disconnect every helpdesk
		return err
	}
	fmt.Fprintf(s.out, "\nWritten to %s. Next:\n  warmline doctor --helpdesks %s\n  warmline serve --helpdesks %s\n", c.File, c.File, c.File)
	return nil
}

// account gathers the settings: secrets from the environment, the rest from the command line.
func (c *connectCmd) account(v helpdesk.Vendor) (helpdesk.Account, error) {
	a := helpdesk.Account{Name: c.Name, Settings: maps.Clone(c.Set), HookURL: c.HookURL}
	if a.Settings == nil {
		a.Settings = map[string]string{}
	}
	for _, s := range v.Settings {
		if !s.Secret {
			continue
		}
		if _, onLine := c.Set[s.Name]; onLine {
			return a, fmt.Errorf("%s is a secret: put it into the environment as %s, where no list of processes shows it", s.Name, envName(c.Name, s.Name))
		}
		if value := strings.TrimSpace(os.Getenv(envName(c.Name, s.Name))); value != "" {
			a.Settings[s.Name] = value
		}
	}
	if secret := strings.TrimSpace(os.Getenv(envName(c.Name, "hook_secret"))); secret != "" {
		a.HookSecrets = []string{secret}
	}
	return a, checkSettings(v, a.Settings)
}

// check asks the account, shows what it can do, and has its webhooks sent to us.
func (c *connectCmd) check(ctx context.Context, out io.Writer, v helpdesk.Vendor, a helpdesk.Account) error {
	connector, err := v.Connect(a)
	if err != nil {
		return &usageError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, liveTime)
	defer cancel()
	found, err := connector.Check(ctx)
	if err != nil {
		return fmt.Errorf("%s does not let us in: %w", v.Title, err)
	}
	faults := 0
	for _, f := range found {
		mark := "ok   "
		if !f.OK {
			mark = "fault"
			faults++
		}
		fmt.Fprintf(out, "%s  %s: %s\n", mark, f.What, f.Says)
	}
	if faults > 0 {
		return fmt.Errorf("%d of the above are at fault; nothing was written", faults)
	}
	fmt.Fprintln(out)
	for _, able := range connector.Abilities() {
		mark := "yes"
		if !able.Has {
			mark = "no "
		}
		fmt.Fprintf(out, "%s  %-10s %s\n", mark, able.Row, able.Says)
	}
	if c.HookURL == "" {
		return nil
	}
	return register(ctx, out, v, connector, a)
}

// register has the account's changes sent to us, or says what to enter where.
func register(ctx context.Context, out io.Writer, v helpdesk.Vendor, c helpdesk.Connector, a helpdesk.Account) error {
	secretName := envName(a.Name, "hook_secret")
	r, can := c.(helpdesk.Registrar)
	if !can {
		fmt.Fprintf(out, "\nEnter this in %s, and put the secret into %s:\n%s\n", v.Title, secretName, v.Paste(a.HookURL))
		return nil
	}
	var secret string
	if len(a.HookSecrets) > 0 {
		secret = a.HookSecrets[0]
	}
	signs, err := r.Register(ctx, a.HookURL, secret)
	if err != nil {
		return fmt.Errorf("register the webhook: %w", err)
	}
	fmt.Fprintf(out, "\n%s sends its changes to %s.\n", v.Title, a.HookURL)
	if signs != secret {
		// The vendor chose it and shows it once: whoever runs this must keep it, and it stands nowhere else.
		fmt.Fprintf(out, "Keep this in %s; it is not shown again:\n%s\n", secretName, signs)
	}
	return nil
}

// stanza is the account as the file has it.
func (c *connectCmd) stanza(v helpdesk.Vendor, env map[string]string, hookEnv string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  - name: %s\n    vendor: %s\n", c.Name, v.Name)
	if len(c.Set) > 0 {
		b.WriteString("    settings:\n")
		for _, name := range slices.Sorted(maps.Keys(c.Set)) {
			fmt.Fprintf(&b, "      %s: %q\n", name, c.Set[name])
		}
	}
	if len(env) > 0 {
		b.WriteString("    secrets:\n")
		for _, name := range slices.Sorted(maps.Keys(env)) {
			fmt.Fprintf(&b, "      %s: {env: %s}\n", name, env[name])
		}
	}
	if hookEnv != "" {
		fmt.Fprintf(&b, "    webhook:\n      url: %q\n      secrets: [{env: %s}]\n", c.HookURL, hookEnv)
	}
	return b.String()
}

// accountsFile is the file to which an account can be added, or the beginning of one. It is an error when the account is there.
func accountsFile(path, name string) ([]byte, error) {
	file, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []byte("# The connected helpdesks. Secrets are in the environment or in files, never here.\nhelpdesks:\n"), nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	for line := range strings.Lines(string(file)) {
		if strings.TrimSpace(line) == "- name: "+name {
			return nil, usagef("%s has a helpdesk %s already; take it out first, or choose another --name", path, name)
		}
	}
	return file, nil
}

// envName is the variable that holds an account's secret: SHOP_TOKEN.
func envName(account, setting string) string {
	return strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(account + "_" + setting))
}

func listVendors(out io.Writer) error {
	fmt.Fprintln(out, "These can be connected; warmline connect NAME says what each needs:")
	for _, v := range vendors {
		fmt.Fprintf(out, "  %-12s %s\n", v.Name, v.Title)
	}
	return nil
}

// explain says what an account needs and where to find it.
func explain(out io.Writer, name string, v helpdesk.Vendor) {
	fmt.Fprintf(out, "%s needs:\n", v.Title)
	wide := 12
	for _, s := range v.Settings {
		wide = max(wide, len(s.Name))
	}
	for _, s := range v.Settings {
		given := fmt.Sprintf("--set %s=%s", s.Name, s.Example)
		if s.Secret {
			given = "export " + envName(name, s.Name) + "=…"
		}
		if s.Optional {
			given += " (optional)"
		}
		fmt.Fprintf(out, "  %-*s %s\n  %*s %s\n", wide, s.Name, s.Help, wide, "", given)
	}
	fmt.Fprintln(out)
}
