package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"warmline/bot"
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

// deskFlags say how to reach the helpdesk.
type deskFlags struct {
	DeskURL   string `name:"desk-url" env:"WARMLINE_DESK_URL" help:"The helpdesk: where warmline desk runs."`
	DeskToken string `env:"WARMLINE_DESK_TOKEN" help:"Token of the helpdesk's API."`
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
