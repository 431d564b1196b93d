package localslack

import (
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v4"
)

// Config is who and what the workspace starts with. Ids may be left empty:
// they are then derived from the name, so the same file always yields the same
// ids.
type Config struct {
	Team     Team      `yaml:"team" json:"team"`
	Users    []User    `yaml:"users" json:"users"`
	Channels []Channel `yaml:"channels" json:"channels"`
	Groups   []Group   `yaml:"groups" json:"groups"`
	Apps     []App     `yaml:"apps" json:"apps"`
}

// Team is the workspace itself.
type Team struct {
	ID     string `yaml:"id" json:"id"`         // empty: derived from Name
	Name   string `yaml:"name" json:"name"`     // empty: "Local Workspace"
	Domain string `yaml:"domain" json:"domain"` // empty: "local"
}

// User is a person or a bot user.
type User struct {
	ID           string `yaml:"id" json:"id"`
	Name         string `yaml:"name" json:"name"` // the handle: "ana"
	RealName     string `yaml:"real_name" json:"real_name"`
	Email        string `yaml:"email" json:"email,omitempty"`
	TZ           string `yaml:"tz" json:"tz"`       // IANA name; empty: "Etc/UTC"
	Color        string `yaml:"color" json:"color"` // avatar colour, six hex digits; empty: the next of a few that go together
	IsBot        bool   `yaml:"is_bot" json:"is_bot"`
	IsRestricted bool   `yaml:"is_restricted" json:"is_restricted"` // a guest
	Deleted      bool   `yaml:"deleted" json:"deleted"`             // deactivated
	Team         string `yaml:"team" json:"team,omitempty"`         // id of another workspace that shares channels; empty: this one
}

// Channel is a conversation that exists from the start.
type Channel struct {
	ID       string   `yaml:"id" json:"id"`
	Name     string   `yaml:"name" json:"name"` // without #
	Topic    string   `yaml:"topic" json:"topic"`
	Members  []string `yaml:"members" json:"members"` // names or ids, bots included
	Private  bool     `yaml:"private" json:"private"`
	Archived bool     `yaml:"archived" json:"archived"`
}

// Group is a user group, mentioned as @handle.
type Group struct {
	ID     string   `yaml:"id" json:"id"`
	Handle string   `yaml:"handle" json:"handle"`
	Name   string   `yaml:"name" json:"name"`
	Users  []string `yaml:"users" json:"users"` // names or ids
}

// App is an installed app with its two tokens.
type App struct {
	ID        string     `yaml:"id" json:"id"`
	Name      string     `yaml:"name" json:"name"`
	BotToken  string     `yaml:"bot_token" json:"-"` // xoxb-…
	AppToken  string     `yaml:"app_token" json:"-"` // xapp-…
	BotUser   string     `yaml:"bot_user" json:"bot_user"`
	Scopes    []string   `yaml:"scopes" json:"scopes"`
	Events    []string   `yaml:"events" json:"events"` // subscriptions, such as message.channels; absent: all that the scopes allow
	Commands  []Command  `yaml:"commands" json:"commands"`
	Shortcuts []Shortcut `yaml:"shortcuts" json:"shortcuts"`
	// Home is which tabs the app's own place has; absent: both.
	Home *Tabs `yaml:"app_home" json:"app_home,omitempty"`
	// Manifest is the file of an app manifest, relative to the config: it
	// says name, scopes, events, commands, shortcuts and tabs.
	Manifest string `yaml:"manifest" json:"-"`
}

// Tabs are those of an app's own place in Slack.
type Tabs struct {
	Home             bool `yaml:"home_tab_enabled" json:"home_tab_enabled"`
	Messages         bool `yaml:"messages_tab_enabled" json:"messages_tab_enabled"` // the direct conversation with its bot
	MessagesReadOnly bool `yaml:"messages_tab_read_only_enabled" json:"messages_tab_read_only_enabled"`
}

// tabs are the app's; an app that names none has both, to write in.
func (a *App) tabs() Tabs {
	if a.Home == nil {
		return Tabs{Home: true, Messages: true}
	}
	return *a.Home
}

// Command is a slash command of an app.
type Command struct {
	Command     string `yaml:"command" json:"command"`
	Description string `yaml:"description" json:"description"`
	UsageHint   string `yaml:"usage_hint" json:"usage_hint"`
	// ShouldEscape sends people, groups and channels in the text as ids.
	ShouldEscape bool `yaml:"should_escape" json:"should_escape"`
}

// Shortcut is an entry in the menu of a message, or in that of the composer.
type Shortcut struct {
	CallbackID  string `yaml:"callback_id" json:"callback_id"`
	Name        string `yaml:"name" json:"name"`
	Type        string `yaml:"type" json:"type"` // message or global
	Description string `yaml:"description" json:"description"`
}

// LoadConfig reads a YAML file. Unknown keys are errors; every error names the
// file and the line or field at fault.
func LoadConfig(path string) (Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("read workspace config: %w", err)
	}
	var c Config
	if err := yaml.Load(data, &c, yaml.WithKnownFields()); err != nil {
		return Config{}, fmt.Errorf("read workspace config %s: %w", path, err)
	}
	for i := range c.Apps {
		if err := c.Apps[i].install(filepath.Dir(path)); err != nil {
			return Config{}, fmt.Errorf("read workspace config %s: apps[%d].manifest: %w", path, i, err)
		}
	}
	if err := c.Validate(); err != nil {
		return Config{}, fmt.Errorf("check workspace config %s: %w", path, err)
	}
	return c, nil
}
