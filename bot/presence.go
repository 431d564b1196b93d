package bot

import (
	"context"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// dndAtOnce is how many people one call of dnd.teamInfo takes.
const dndAtOnce = 50

// ReadPresence implements desk.Directory: each person's status, and when they do not want to be disturbed. An app that was installed
// without dnd:read knows statuses alone.
func (b *Bot) ReadPresence(ctx context.Context, ids []escalate.PersonID) ([]desk.Presence, error) {
	var all []desk.Presence
	for part := range slices.Chunk(ids, dndAtOnce) {
		quiet, err := b.readQuiet(ctx, part)
		if err != nil && !refusedWith(err, "missing_scope") {
			return nil, err
		}
		for _, id := range part {
			var u *slack.User
			err := b.call(ctx, "users.info", "read status", func(ctx context.Context) (err error) {
				u, err = b.api.GetUserInfoContext(ctx, string(id))
				return err
			})
			if refusedWith(err, "user_not_found", "user_not_visible", "users_not_found") {
				continue
			}
			if err != nil {
				return nil, err
			}
			p := desk.Presence{Person: id, Emoji: u.Profile.StatusEmoji, ReadAt: b.o.Now()}
			if u.Profile.StatusExpiration > 0 {
				p.Until = time.Unix(int64(u.Profile.StatusExpiration), 0)
			}
			if d, ok := quiet[string(id)]; ok && d.Enabled {
				p.QuietFrom, p.QuietTo = time.Unix(int64(d.NextStartTimestamp), 0), time.Unix(int64(d.NextEndTimestamp), 0)
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// readQuiet reads when people do not want to be disturbed.
func (b *Bot) readQuiet(ctx context.Context, ids []escalate.PersonID) (quiet map[string]slack.DNDStatus, err error) {
	users := make([]string, len(ids))
	for i, id := range ids {
		users[i] = string(id)
	}
	err = b.call(ctx, "dnd.teamInfo", "read who is not to be disturbed", func(ctx context.Context) (err error) {
		quiet, err = b.api.GetDNDTeamInfoContext(ctx, users)
		return err
	})
	return quiet, err
}
