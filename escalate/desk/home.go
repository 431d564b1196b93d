package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

// homeOpen is how long App Home counts as open after the last click there: Slack does not tell when it is left.
const homeOpen = 15 * time.Minute

// look notes that the person has App Home before them, and has it drawn. Who comes back after a while begins at the first page.
func (a *act) look(ctx context.Context) error {
	row, err := a.tx.HomeRow(ctx, a.press.Actor)
	if err != nil {
		return err
	}
	now := a.tx.Now()
	if now.Sub(row.LookedAt) > homeOpen {
		row.View = HomeView{}
	}
	row.LookedAt, row.Said = now, ""
	if err := a.tx.SaveHome(ctx, row); err != nil {
		return err
	}
	j, err := newHomeJob(a.press.Actor)
	if err != nil {
		return err
	}
	j.Urgent = true
	return errors.Join(a.tx.Enqueue(ctx, j), a.tx.Enqueue(ctx, Job{Kind: JobHomes, Key: "all", At: now.Add(homesEvery)}))
}

// sayAtHome shows the person in App Home what a click came to, until the next one.
func (a *act) sayAtHome(ctx context.Context, text string) error {
	row, err := a.tx.HomeRow(ctx, a.press.Actor)
	if err != nil {
		return err
	}
	row.Said = text
	return a.tx.SaveHome(ctx, row)
}

// turn changes which part of the queue the person looks at. Whatever was sent, it can but narrow what is shown.
func (a *act) turn(ctx context.Context) error {
	row, err := a.tx.HomeRow(ctx, a.press.Actor)
	if err != nil {
		return err
	}
	v := &row.View
	switch a.press.Action {
	case ActHomeShow:
		v.Show, v.Page = HomeShow(chosen(a.press.Token)), 0
	case ActHomeChannel:
		v.Channel, v.Page = chosen(a.press.Token), 0
	case ActHomeTopic:
		v.Topic, v.Page = chosen(a.press.Token), 0
	case ActHomePrevious, ActHomeNext:
		if v.Page, err = strconv.Atoi(a.press.Token); err != nil {
			v.Page = 0
		}
	default:
		return nil // a fresh look is all that is asked for
	}
	return a.tx.SaveHome(ctx, row)
}

// Choice writes what a person may choose as a button or an option carries it: "*" is everything, else the name after a "=".
func Choice(name string) string {
	if name == "" {
		return "*"
	}
	return "=" + name
}

// chosen reads a Choice; what is none counts as everything.
func chosen(token string) string {
	name, ok := strings.CutPrefix(token, "=")
	if !ok {
		return ""
	}
	return name
}

type homeWork struct {
	Person escalate.PersonID `json:"person"`
}

// newHomeJob draws a person's App Home. One runs at a time for each person, so that an older look never comes last.
func newHomeJob(id escalate.PersonID) (Job, error) {
	j, err := newJob(JobHome, homeWork{Person: id})
	j.Key, j.Group = string(id), "home:"+string(id)
	return j, err
}

// publishHome draws a person's App Home from what the database says now.
func (s *Service) publishHome(ctx context.Context, j Leased) error {
	var w homeWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	if err := s.acquaint(ctx, w.Person); err != nil {
		return err
	}
	h, err := s.loadHome(ctx, w.Person)
	if err != nil {
		return err
	}
	drawn, err := h.digest()
	if err != nil {
		return err
	}
	err = s.Messenger.PublishHome(ctx, w.Person, h)
	var refused *Refused
	switch {
	case errors.As(err, &refused) && refused.RetryAfter > 0:
		return s.after(ctx, refused.RetryAfter, err)
	case errors.As(err, &refused):
		// The same again would be refused again. It is drawn anew when the person opens it the next time.
		s.Logger.WarnContext(ctx, "app home not published", "person", w.Person, "error", err)
		drawn = ""
	case err != nil:
		return fmt.Errorf("publish home of %s: %w", w.Person, err)
	}
	// Commit point: what Slack shows by now is known to be shown. If we die before, the next look publishes it once more.
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(tx.DrawnHome(ctx, w.Person, drawn), tx.Finish(ctx, j))
	})
}

// acquaint makes sure that a person and their groups are known as well as a claim needs.
func (s *Service) acquaint(ctx context.Context, id escalate.PersonID) error {
	if !s.known(ctx, id, personFresh) {
		if err := s.readPerson(ctx, id); err != nil {
			return err
		}
	}
	var age time.Duration
	err := s.Store.View(ctx, func(tx Tx) error {
		_, begun, err := tx.Groups(ctx, id)
		age = tx.Now().Sub(begun)
		return err
	})
	if err != nil {
		return fmt.Errorf("load groups of %s: %w", id, err)
	}
	if age <= groupsFresh {
		return nil
	}
	return s.fresh(ctx)
}
