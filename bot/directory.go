package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// ReadGroups implements desk.Directory. Disabled groups have no members for us.
func (b *Bot) ReadGroups(ctx context.Context) ([]desk.Group, error) {
	if err := b.readings.spend(ctx); err != nil {
		return nil, err
	}
	var groups []slack.UserGroup
	err := b.call(ctx, "usergroups.list", "read user groups", func(ctx context.Context) (err error) {
		groups, err = b.api.GetUserGroupsContext(ctx,
			slack.GetUserGroupsOptionIncludeUsers(true), slack.GetUserGroupsOptionIncludeDisabled(false))
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []desk.Group
	for i := range groups {
		if g := &groups[i]; g.DateDelete == 0 {
			out = append(out, desk.Group{ID: g.ID, Handle: "@" + g.Handle, Members: people(g.Users)})
		}
	}
	return out, nil
}

// ReadPerson implements desk.Directory.
func (b *Bot) ReadPerson(ctx context.Context, id escalate.PersonID) (*desk.Person, error) {
	var u *slack.User
	err := b.call(ctx, "users.info", "read person", func(ctx context.Context) (err error) {
		u, err = b.api.GetUserInfoContext(ctx, string(id))
		return err
	})
	if refusedWith(err, "user_not_found", "user_not_visible", "users_not_found") {
		return nil, fmt.Errorf("read person: %w", desk.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return &desk.Person{
		ID: escalate.PersonID(u.ID), Team: u.TeamID, Name: called(u), Email: u.Profile.Email, Zone: u.TZ,
		Guest: u.IsRestricted || u.IsUltraRestricted || u.IsStranger, Bot: u.IsBot || u.ID == "USLACKBOT", Gone: u.Deleted,
		ReadAt: b.o.Now(),
	}, nil
}

// called is the name that a customer may read below a reply: a person's own rather than their handle.
func called(u *slack.User) string {
	for _, name := range []string{u.Profile.RealName, u.RealName, u.Profile.DisplayName} {
		if name != "" {
			return name
		}
	}
	return u.Name
}
