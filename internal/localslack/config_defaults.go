package localslack

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
)

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

// UserID is the id of a user whose Config gives none.
func UserID(name string) string { return derivedID("U", name) }

// derivedID makes an id in Slack's form that depends on nothing but the name.
func derivedID(prefix, name string) string {
	sum := sha256.Sum256([]byte(prefix + "\x00" + name))
	return prefix + "0" + base32.StdEncoding.EncodeToString(sum[:])[:9]
}
