package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"warmline/bot"
	"warmline/helpdesk"
	"warmline/internal/helpdeskfile"
)

// slackFlags say how to reach Slack.
type slackFlags struct {
	SlackBotToken     string `env:"SLACK_BOT_TOKEN" help:"Bot token, xoxb-…; better in the environment or a file."`
	SlackBotTokenFile string `env:"SLACK_BOT_TOKEN_FILE" help:"File that holds the bot token."`
	SlackAppToken     string `env:"SLACK_APP_TOKEN" help:"App-level token, xapp-…, with connections:write."`
	SlackAppTokenFile string `env:"SLACK_APP_TOKEN_FILE" help:"File that holds the app-level token."`
	SlackURL          string `name:"slack-url" env:"SLACK_API_URL" help:"Slack's Web API, ending in a slash; for a workspace in a box."`
}

// config reads the tokens.
func (f *slackFlags) config() (slackConfig, error) {
	botToken, err1 := secret("SLACK_BOT_TOKEN", f.SlackBotToken, f.SlackBotTokenFile, "xoxb-")
	appToken, err2 := secret("SLACK_APP_TOKEN", f.SlackAppToken, f.SlackAppTokenFile, "xapp-")
	return slackConfig{BotToken: bot.Secret(botToken), AppToken: bot.Secret(appToken), APIURL: f.SlackURL}, errors.Join(err1, err2)
}

// given reports whether anything of it was said.
func (f *slackFlags) given() bool {
	return f.SlackBotToken+f.SlackBotTokenFile+f.SlackAppToken+f.SlackAppTokenFile != ""
}

// helpdesksFlags say which helpdesks are connected.
type helpdesksFlags struct {
	Helpdesks string `env:"WARMLINE_HELPDESKS" placeholder:"FILE" help:"YAML that names the connected helpdesks; warmline connect makes it."`
	DeskURL   string `name:"desk-url" env:"WARMLINE_DESK_URL" help:"The built-in desk: where warmline desk runs."`
	DeskToken string `env:"WARMLINE_DESK_TOKEN" help:"Token of the built-in desk's API."`
}

// desks are all accounts that were named. poll is for those that do not say how often to look.
func (f *helpdesksFlags) desks(poll time.Duration, builtinSecret string) ([]deskConfig, error) {
	var out []deskConfig
	if f.DeskURL != "" {
		var secrets []string
		if builtinSecret != "" {
			secrets = []string{builtinSecret}
		}
		out = append(out, builtinDesk(f.DeskURL, f.DeskToken, poll, secrets...))
	}
	if f.Helpdesks != "" {
		named, err := readHelpdesks(f.Helpdesks, poll)
		if err != nil {
			return nil, err
		}
		out = append(out, named...)
	}
	if len(out) == 0 {
		return nil, errors.New("no helpdesk: name them with --helpdesks FILE (warmline connect makes one), or --desk-url (warmline desk runs one)")
	}
	return out, nil
}

// readHelpdesks reads the file of connected helpdesks.
func readHelpdesks(path string, poll time.Duration) ([]deskConfig, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read helpdesks: %w", err)
	}
	accounts, err := helpdeskfile.Read(path, data, os.LookupEnv, os.ReadFile)
	if err != nil {
		return nil, err
	}
	var out []deskConfig
	for _, a := range accounts {
		v, err := vendorOf(a.Vendor)
		if err == nil {
			err = checkSettings(v, a.Settings)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: helpdesk %s: %w", path, a.Line, a.Name, err)
		}
		out = append(out, deskConfig{Vendor: v, Poll: cmp.Or(a.Poll, poll), Account: helpdesk.Account{
			Name: a.Name, Settings: a.Settings, HookURL: a.HookURL, HookSecrets: a.HookSecrets, BotName: a.BotName, Settle: a.Settle,
		}})
	}
	return out, nil
}

// secret takes a token from its variable or from a file, and says which is missing or looks wrong, never its value.
func secret(name, value, file, prefix string) (string, error) {
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read %s_FILE: %w", name, err)
		}
		value = strings.TrimSpace(string(b))
	}
	switch {
	case value == "":
		return "", fmt.Errorf("%s is missing: set it, or %s_FILE to a file that holds it", name, name)
	case !strings.HasPrefix(value, prefix):
		return "", fmt.Errorf("%s does not begin with %s: it is another kind of token", name, prefix)
	}
	return value, nil
}
