package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// SavePerson implements desk.People. The table of accounts repeats those in the body, so that nobody gets one that another has.
func (t *tx) SavePerson(ctx context.Context, p *desk.Person) error {
	body, err := encode(p)
	if err == nil {
		err = errors.Join(
			t.Put(ctx, `INSERT INTO person (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, string(p.ID), body),
			t.Put(ctx, `DELETE FROM account WHERE person_id = $1`, string(p.ID)))
	}
	for _, helpdesk := range slices.Sorted(maps.Keys(p.Accounts)) {
		if agent := p.Accounts[helpdesk].Agent; agent != "" && err == nil {
			err = t.Put(ctx, `INSERT INTO account (desk, agent, person_id) VALUES ($1, $2, $3)`, helpdesk, string(agent), string(p.ID))
		}
	}
	if err != nil {
		return fmt.Errorf("save person %s: %w", p.ID, err)
	}
	return nil
}

// PersonRow implements desk.People.
func (t *tx) PersonRow(ctx context.Context, id escalate.PersonID) (*desk.Person, error) {
	return t.person(ctx, string(id), `SELECT body FROM person WHERE id = $1`, string(id))
}

// PersonByAgent implements desk.People.
func (t *tx) PersonByAgent(ctx context.Context, helpdesk string, agent escalate.AgentID) (*desk.Person, error) {
	return t.person(ctx, helpdesk+" "+string(agent), `SELECT p.body FROM account a JOIN person p ON p.id = a.person_id
		WHERE a.desk = $1 AND a.agent = $2`, helpdesk, string(agent))
}

func (t *tx) person(ctx context.Context, id, statement string, args ...any) (*desk.Person, error) {
	var body string
	p := new(desk.Person)
	err := t.one(ctx, []any{&body}, statement, args...)
	if err == nil {
		err = decode("person", body, p)
	}
	if err != nil {
		return nil, fmt.Errorf("read person %s: %w", id, err)
	}
	return p, nil
}

// Everyone implements desk.People.
func (t *tx) Everyone(ctx context.Context) ([]desk.Person, error) {
	var list []desk.Person
	err := t.each(ctx, func(rows *sql.Rows) error {
		var body string
		var p desk.Person
		err := rows.Scan(&body)
		if err == nil {
			err = decode("person", body, &p)
		}
		list = append(list, p)
		return err
	}, `SELECT body FROM person ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read everyone: %w", err)
	}
	return list, nil
}

type membership struct{ group, person string }

// SaveGroups implements desk.People. What Slack told of since the reading began is applied to it again, because the reading
// may have been too early to show it: someone who was removed must not come back by a race.
func (t *tx) SaveGroups(ctx context.Context, begun time.Time, groups []desk.Group) error {
	newest, err := t.Exec(ctx, `
		INSERT INTO group_reading (id, begun) VALUES (1, $1)
		ON CONFLICT (id) DO UPDATE SET begun = excluded.begun WHERE group_reading.begun <= excluded.begun`, micros(begun))
	if err != nil {
		return fmt.Errorf("save groups: %w", err)
	}
	if newest == 0 {
		return nil
	}
	for _, step := range []func() error{
		func() error { return t.replaceHandles(ctx, groups) },
		func() error { return t.replaceMembers(ctx, groups) },
		func() error { return t.reapplyChanges(ctx, begun) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("save groups: %w", err)
		}
	}
	return nil
}

func (t *tx) replaceHandles(ctx context.Context, groups []desk.Group) error {
	if err := t.Put(ctx, `DELETE FROM team_group`); err != nil {
		return err
	}
	for _, g := range groups {
		err := t.Put(ctx, `INSERT INTO team_group (id, handle) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET handle = excluded.handle`, g.ID, g.Handle)
		if err != nil {
			return err
		}
	}
	return nil
}

// replaceMembers writes only what differs: most readings change nothing.
func (t *tx) replaceMembers(ctx context.Context, groups []desk.Group) error {
	gone := make(map[membership]bool)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var m membership
		err := rows.Scan(&m.group, &m.person)
		gone[m] = true
		return err
	}, `SELECT group_id, person_id FROM member`)
	if err != nil {
		return err
	}
	for _, g := range groups {
		for _, p := range g.Members {
			m := membership{g.ID, string(p)}
			if gone[m] {
				delete(gone, m)
			} else if err := t.setMember(ctx, m, true); err != nil {
				return err
			}
		}
	}
	for m := range gone {
		if err := t.setMember(ctx, m, false); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) setMember(ctx context.Context, m membership, member bool) error {
	statement := `DELETE FROM member WHERE group_id = $1 AND person_id = $2`
	if member {
		statement = `INSERT INTO member (group_id, person_id) VALUES ($1, $2) ON CONFLICT (group_id, person_id) DO NOTHING`
	}
	err := t.Put(ctx, statement, m.group, m.person)
	return err
}

func (t *tx) reapplyChanges(ctx context.Context, begun time.Time) error {
	if err := t.Put(ctx, `DELETE FROM member_change WHERE at < $1`, micros(begun)); err != nil {
		return err
	}
	changes := make(map[membership]bool)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var m membership
		var member bool
		err := rows.Scan(&m.group, &m.person, &member)
		changes[m] = member
		return err
	}, `SELECT group_id, person_id, member FROM member_change`)
	for m, member := range changes {
		err = errors.Join(err, t.setMember(ctx, m, member))
	}
	return err
}

// ChangeMember implements desk.People.
func (t *tx) ChangeMember(ctx context.Context, groupID string, id escalate.PersonID, member bool) error {
	err := t.Put(ctx, `
		INSERT INTO member_change (group_id, person_id, member, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (group_id, person_id) DO UPDATE SET member = excluded.member, at = excluded.at`,
		groupID, string(id), member, micros(t.now))
	if err == nil {
		err = t.setMember(ctx, membership{groupID, string(id)}, member)
	}
	if err != nil {
		return fmt.Errorf("change membership of %s in %s: %w", id, groupID, err)
	}
	return nil
}

// Groups implements desk.People. It is read at every press, and so in one statement.
func (t *tx) Groups(ctx context.Context, id escalate.PersonID) (handles []string, begun time.Time, err error) {
	err = t.each(ctx, func(rows *sql.Rows) error {
		var at int64
		var handle sql.NullString
		err := rows.Scan(&at, &handle)
		begun = instant(at)
		if handle.Valid {
			handles = append(handles, handle.String)
		}
		return err
	}, `SELECT r.begun, g.handle FROM group_reading r LEFT JOIN member m ON m.person_id = $1
		LEFT JOIN team_group g ON g.id = m.group_id WHERE r.id = 1 ORDER BY g.handle`, string(id))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read groups of %s: %w", id, err)
	}
	return handles, begun, nil
}
