package bot

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate/desk"
)

const (
	// openWithin is how long after the press its modal may be opened. Slack's trigger lives for 3 s.
	openWithin = 2 * time.Second
	// maxAck is the largest payload of an acknowledgement: Slack drops frames of 20 KiB without a word.
	maxAck = 19 << 10
)

// handle works on one envelope: commit, then acknowledge. It returns what the person still waits for, if anything. An envelope
// whose commit failed is not acknowledged.
func (b *Bot) handle(ctx context.Context, e envelope) (rest func(context.Context)) {
	result := func(outcome string) { b.metrics.envelopes.WithLabelValues(e.label(), outcome).Inc() }
	inTime, cancel := context.WithTimeout(ctx, b.o.AckTimeout-b.o.Now().Sub(e.received))
	defer cancel()
	in, err := read(&e, e.received)
	if err != nil {
		b.log.Warn("envelope is not understood", "kind", e.label(), "error", err)
	}
	ack, err := b.tell(inTime, &in)
	if err != nil {
		b.log.Error("press is not committed", "kind", e.label(), "error", err)
		result("failed")
		return nil
	}
	payload, answers := b.payload(&e, &in, ack)
	if err := e.via.AckCtx(inTime, e.id, payload); err != nil {
		b.log.Warn("envelope is committed but not acknowledged", "kind", e.label(), "error", err)
		result("unacked")
		return nil
	}
	b.metrics.acks.Observe(b.o.Now().Sub(e.received).Seconds())
	result("acked")
	if len(answers) == 0 && ack.Open == nil {
		return nil
	}
	return func(ctx context.Context) {
		b.follow(ctx, in.press, answers)
		if ack.Open != nil {
			b.open(ctx, &e, in.press, ack.Open)
		}
	}
}

// tell commits with the desk what came in.
func (b *Bot) tell(ctx context.Context, in *incoming) (desk.Ack, error) {
	switch {
	case in.press != nil:
		return b.o.Desk.Press(ctx, *in.press)
	case in.change != nil:
		return desk.Ack{}, b.o.Desk.MemberChanged(ctx, in.change.group, in.change.added, in.change.removed)
	}
	return desk.Ack{}, nil
}

// reply is a message as an acknowledgement or a response URL takes it.
type reply struct {
	Type    string        `json:"response_type"`
	Text    string        `json:"text"`
	Blocks  []slack.Block `json:"blocks,omitempty"`
	Replace bool          `json:"replace_original"` // always false: the original may be a card
	Unfurl  bool          `json:"unfurl_links"`
	Media   bool          `json:"unfurl_media"`
	Markup  bool          `json:"mrkdwn"`
	Parse   string        `json:"parse"`
}

func private(m card.Message) reply {
	return reply{Type: "ephemeral", Text: m.Text, Blocks: m.Blocks, Parse: "none"}
}

// payload makes what the acknowledgement itself carries, and what has to follow by the response URL.
func (b *Bot) payload(e *envelope, in *incoming, ack desk.Ack) (any, []card.Message) {
	switch {
	case in.press == nil:
		return nil, nil
	case len(ack.Errors) > 0 && submissions[in.press.Action]:
		return slack.NewErrorsViewSubmissionResponse(onInputs(ack.Errors, in.inputs)), nil
	case ack.Answer == nil:
		return nil, nil
	}
	answers := card.Answer(ack.Answer)
	if e.kind != "slash_commands" {
		return nil, answers
	}
	first := private(answers[0])
	if raw, err := json.Marshal(first); err == nil && len(raw) < maxAck {
		return first, answers[1:]
	}
	return private(card.Message{Text: "Here is what you asked for."}), answers
}

// onInputs puts errors on the inputs that are there: Slack shows nothing for any other.
func onInputs(errs map[string]string, inputs []string) map[string]string {
	out := map[string]string{}
	for field, words := range errs {
		if !slices.Contains(inputs, field) && len(inputs) > 0 {
			field = inputs[0]
		}
		words, _ = card.Cut(words, 500)
		if out[field] != "" {
			words = out[field] + " " + words
		}
		out[field] = words
	}
	return out
}

// follow sends what did not fit the acknowledgement.
func (b *Bot) follow(ctx context.Context, p *desk.Press, rest []card.Message) {
	if len(rest) == 0 {
		return
	}
	to := desk.Recipient{Person: p.Actor, URL: p.Respond, Channel: p.On.Channel}
	if err := b.whisper(ctx, to, rest); err != nil {
		b.log.Warn("answer is not delivered", "person", string(p.Actor), "error", err)
	}
}

// open opens a modal for a press. The person is told when that is not possible: nothing else would happen on their screen.
func (b *Bot) open(ctx context.Context, e *envelope, p *desk.Press, m *desk.Modal) {
	left := openWithin - b.o.Now().Sub(e.received)
	inTime, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	if m.MaxFiles > 0 && !b.granted("files:read") { // without it Slack shows no input for files, and no window that has one
		bare := *m
		bare.MaxFiles = 0
		m = &bare
	}
	view := card.Modal(m)
	err := b.call(inTime, "views.open", "open modal", func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := b.api.OpenViewContext(ctx, p.Trigger, view)
		return err
	})
	if err == nil || refusedWith(err, "exchanged_trigger_id") {
		return // opened, be it by the same press delivered a moment ago
	}
	b.log.Warn("modal is not opened", "action", string(p.Action), "error", err)
	sorry := &desk.Answer{Text: "The window could not be opened in time. Nothing was changed; please press the button again."}
	b.follow(ctx, p, card.Answer(sorry))
}
