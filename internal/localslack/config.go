package localslack

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

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
}

// Channel is a conversation that exists from the start.
type Channel struct {
	ID      string   `yaml:"id" json:"id"`
	Name    string   `yaml:"name" json:"name"` // without #
	Topic   string   `yaml:"topic" json:"topic"`
	Members []string `yaml:"members" json:"members"` // names or ids, bots included
	Private bool     `yaml:"private" json:"private"`
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
	ID       string    `yaml:"id" json:"id"`
	Name     string    `yaml:"name" json:"name"`
	BotToken string    `yaml:"bot_token" json:"-"` // xoxb-…
	AppToken string    `yaml:"app_token" json:"-"` // xapp-…
	BotUser  string    `yaml:"bot_user" json:"bot_user"`
	Scopes   []string  `yaml:"scopes" json:"scopes"`
	Commands []Command `yaml:"commands" json:"commands"`
}

// Command is a slash command of an app.
type Command struct {
	Command     string `yaml:"command" json:"command"`
	Description string `yaml:"description" json:"description"`
	UsageHint   string `yaml:"usage_hint" json:"usage_hint"`
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
	if err := c.Validate(); err != nil {
		return Config{}, fmt.Errorf("check workspace config %s: %w", path, err)
	}
	return c, nil
}

// Validate reports every fault at once, each with the path of its field.
func (c Config) Validate() error {
	full := c.withDefaults()
	f := &problems{}
	people := map[string]bool{}
	ids, handles, tokens := uniqueSet{}, uniqueSet{}, uniqueSet{}
	for i, u := range full.Users {
		at := fmt.Sprintf("users[%d]", i)
		f.need(at+".name", u.Name)
		f.unique(ids, at+".id", u.ID)
		f.unique(handles, at+".name", u.Name)
		people[u.ID], people[u.Name] = true, true
	}
	for i, ch := range full.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		f.need(at+".name", ch.Name)
		f.unique(ids, at+".id", ch.ID)
		f.unique(handles, at+".name", "#"+ch.Name)
		f.known(people, at+".members", ch.Members)
	}
	for i, g := range full.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		f.need(at+".handle", g.Handle)
		f.unique(ids, at+".id", g.ID)
		f.unique(handles, at+".handle", g.Handle)
		f.known(people, at+".users", g.Users)
	}
	commands := uniqueSet{}
	for i, a := range full.Apps {
		at := fmt.Sprintf("apps[%d]", i)
		f.need(at+".name", a.Name)
		f.unique(ids, at+".id", a.ID)
		f.prefix(at+".bot_token", a.BotToken, "xoxb-")
		f.prefix(at+".app_token", a.AppToken, "xapp-")
		f.unique(tokens, at+".bot_token", a.BotToken)
		f.unique(tokens, at+".app_token", a.AppToken)
		for j, cmd := range a.Commands {
			field := fmt.Sprintf("%s.commands[%d].command", at, j)
			f.prefix(field, cmd.Command, "/")
			f.unique(commands, field, cmd.Command)
		}
	}
	return errors.Join(f.list...)
}

type uniqueSet map[string]string

type problems struct{ list []error }

func (f *problems) add(field, format string, args ...any) {
	f.list = append(f.list, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

func (f *problems) need(field, value string) {
	if value == "" {
		f.add(field, "is missing")
	}
}

func (f *problems) prefix(field, value, prefix string) {
	if !strings.HasPrefix(value, prefix) || value == prefix {
		f.add(field, "must start with %q and have something after it", prefix)
	}
}

func (f *problems) unique(seen uniqueSet, field, value string) {
	if first, dup := seen[value]; dup {
		f.add(field, "is the same as %s", first)
		return
	}
	seen[value] = field
}

func (f *problems) known(people map[string]bool, field string, names []string) {
	for i, n := range names {
		if !people[n] {
			f.add(fmt.Sprintf("%s[%d]", field, i), "no user %q", n)
		}
	}
}

// colours are for avatars: each calm enough for a page full of it, and dark enough for white initials.
var colours = []string{"1264a3", "2e7d57", "5c6b2f", "7a3e9d", "b0305c", "0b7285", "8a5a2b", "b3541e", "3f51a5", "9c36b5"}

// withDefaults returns a copy with every id filled in and each app's bot user
// among the users.
func (c Config) withDefaults() Config {
	if c.Team.Name == "" {
		c.Team.Name = "Local Workspace"
	}
	if c.Team.Domain == "" {
		c.Team.Domain = "local"
	}
	fillID(&c.Team.ID, "T", c.Team.Name)
	c.Users, c.Channels = slices.Clone(c.Users), slices.Clone(c.Channels)
	c.Groups, c.Apps = slices.Clone(c.Groups), slices.Clone(c.Apps)
	for i := range c.Apps {
		a := &c.Apps[i]
		fillID(&a.ID, "A", a.Name)
		c.Users, a.BotUser = withBotUser(c.Users, *a)
	}
	for i := range c.Users {
		u := &c.Users[i]
		fillID(&u.ID, "U", u.Name)
		if u.RealName == "" {
			u.RealName = u.Name
		}
		if u.TZ == "" {
			u.TZ = "Etc/UTC"
		}
		if u.Color == "" {
			u.Color = colours[i%len(colours)]
		}
	}
	for i := range c.Channels {
		fillID(&c.Channels[i].ID, "C", c.Channels[i].Name)
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		fillID(&g.ID, "S", g.Handle)
		if g.Name == "" {
			g.Name = g.Handle
		}
	}
	return c
}

// withBotUser finds the app's bot among the users, by id or name, or adds one.
func withBotUser(users []User, a App) ([]User, string) {
	want := a.BotUser
	if want == "" {
		want = strings.ToLower(strings.ReplaceAll(a.Name, " ", "-"))
	}
	for i := range users {
		if u := &users[i]; u.ID == want || u.Name == want {
			fillID(&u.ID, "U", u.Name)
			u.IsBot = true
			return users, u.ID
		}
	}
	bot := User{Name: strings.ToLower(strings.ReplaceAll(a.Name, " ", "-")), RealName: a.Name, IsBot: true}
	if a.BotUser != "" && strings.HasPrefix(a.BotUser, "U") {
		bot.ID = a.BotUser
	}
	fillID(&bot.ID, "U", bot.Name)
	return append(users, bot), bot.ID
}

func fillID(id *string, prefix, name string) {
	if *id == "" {
		*id = derivedID(prefix, name)
	}
}

// derivedID makes an id in Slack's form that depends on nothing but the name.
func derivedID(prefix, name string) string {
	sum := sha256.Sum256([]byte(prefix + "\x00" + name))
	return prefix + "0" + base32.StdEncoding.EncodeToString(sum[:])[:9]
}
