package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// JobDeliver brings one person a message that stays, and then its picture.
const JobDeliver = "deliver"

// deliverTries is how often a step is tried whose outcome is not known.
const deliverTries = 5

// delivery is what is left to bring. Each step ends with a job for the next one, in the same commit: what was done is not done
// again, and what was uploaded is known by its id before it is shown.
type delivery struct {
	To      Recipient `json:"to"`
	Key     string    `json:"key"`
	Answer  Answer    `json:"answer"`
	Told    string    `json:"told,omitempty"`    // what the person is told where they asked, once the message is there
	Picture *Picture  `json:"picture,omitempty"` // nil: none
	At      Place     `json:"at,omitzero"`       // where the message stands; zero until it does
	File    string    `json:"file,omitempty"`    // the picture's id; "" until it is uploaded
}

func enqueueDelivery(ctx context.Context, tx Tx, d *delivery) error {
	j, err := newJob(JobDeliver, d)
	if err != nil {
		return err
	}
	j.Group, j.Urgent = "slack:"+string(d.To.Person), true
	return tx.Enqueue(ctx, j)
}

// deliver takes the next step of a delivery.
func (s *Service) deliver(ctx context.Context, j Leased) error {
	var d delivery
	if err := json.Unmarshal(j.Payload, &d); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	switch {
	case d.At.TS == "":
		at, err := s.Courier.Deliver(ctx, d.To.Person, d.Key, d.Answer)
		if err != nil {
			return s.undelivered(ctx, j, &d, err)
		}
		d.At, d.Answer = at, Answer{}
		return s.delivered(ctx, j, &d)
	case d.File == "":
		id, err := s.Courier.Upload(ctx, *d.Picture)
		if err != nil {
			return s.unpictured(ctx, j, &d, err)
		}
		d.File, d.Picture.Data = id, nil
		return s.nextStep(ctx, j, &d)
	}
	// Commit point of the picture: an attempt after the first means that it may be shown already; its id says so.
	shown := *d.Picture
	shown.ID = d.File
	if err := s.Courier.Share(ctx, Place{Channel: d.At.Channel}, []Picture{shown}, j.Attempt > 1); err != nil {
		return s.unpictured(ctx, j, &d, err)
	}
	return s.finish(ctx, j)
}

// nextStep ends a step and begins the next, in one commit.
func (s *Service) nextStep(ctx context.Context, j Leased, d *delivery) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(enqueueDelivery(ctx, tx, d), tx.Finish(ctx, j))
	})
}

// delivered says where the person asked that the message is there, unless they asked in the same place.
func (s *Service) delivered(ctx context.Context, j Leased, d *delivery) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if d.Told != "" && d.To.Channel != d.At.Channel {
			if err := s.enqueueTell(ctx, tx, d.To, Answer{Text: d.Told, Lines: []Line{{Text: d.Told}}}); err != nil {
				return err
			}
		}
		if d.Picture != nil {
			if err := enqueueDelivery(ctx, tx, d); err != nil {
				return err
			}
		}
		return tx.Finish(ctx, j)
	})
}

// undelivered decides what becomes of a message that did not arrive: it is told where it was asked for, without its picture,
// which all the channel would see.
func (s *Service) undelivered(ctx context.Context, j Leased, d *delivery, cause error) error {
	if again, err := s.again(ctx, j, cause); again {
		return err
	}
	s.Logger.WarnContext(ctx, "direct message not delivered", "person", d.To.Person, "error", cause)
	a := d.Answer
	if d.Picture != nil {
		a.Lines = append([]Line{{Text: "I cannot write to you directly, so the picture is missing; whoever runs me can turn on the app's Messages tab, as manifest.yml has it."}}, a.Lines...)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(s.enqueueTell(ctx, tx, d.To, a), tx.Finish(ctx, j))
	})
}

// unpictured says below a message that its picture did not come, and why.
func (s *Service) unpictured(ctx context.Context, j Leased, d *delivery, cause error) error {
	if again, err := s.again(ctx, j, cause); again {
		return err
	}
	s.Logger.WarnContext(ctx, "picture not delivered", "person", d.To.Person, "error", cause)
	text := "The picture did not come: Slack gave no clear answer. All that it shows stands in the table."
	if refused, ok := errors.AsType[*Refused](cause); ok {
		text = "The picture did not come. Slack says: " + refused.Why + ". All that it shows stands in the table."
	}
	hint := &delivery{To: d.To, Key: d.Key + ":picture", Answer: Answer{Text: text, Lines: []Line{{Text: text}}}}
	return s.nextStep(ctx, j, hint)
}

// again reports whether a step is to be tried again, and how.
func (s *Service) again(ctx context.Context, j Leased, cause error) (bool, error) {
	var refused *Refused
	switch {
	case errors.Is(cause, ErrNotFound):
		return false, nil
	case errors.As(cause, &refused) && refused.RetryAfter > 0:
		return true, s.after(ctx, refused.RetryAfter, cause)
	case errors.As(cause, &refused):
		return false, nil
	}
	return j.Attempt < deliverTries, cause
}
