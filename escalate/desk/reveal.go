package desk

import (
	"context"
	"fmt"

	"warmline/escalate"
	"warmline/escalate/mask"
)

// reveal shows what is hidden in a conversation to the one who asked, and keeps that they did.
func (a *act) reveal(ctx context.Context) error {
	t := a.ticket()
	var lines []Line
	for i := range t.Content.Messages {
		m := &t.Content.Messages[i]
		for _, s := range mask.Find(m.Text, mask.Secrets) {
			lines = append(lines, Line{Head: headOf(m), Text: m.Text[s.Start:s.End], Bare: true})
		}
	}
	if len(lines) == 0 {
		return a.noEffect(ctx, fmt.Sprintf("Nothing is hidden in #%s.", t.Ref.ID))
	}
	text := fmt.Sprintf("Hidden in #%s, for your eyes alone; the audit log keeps that you looked:", t.Ref.ID)
	if err := a.done(ctx, escalate.Counted(len(lines), "hidden value shown", "hidden values shown")); err != nil {
		return err
	}
	return a.answer(ctx, Answer{Text: text, Lines: append([]Line{{Text: text}}, lines...)})
}

// revealNumber is reveal by command.
func (a *act) revealNumber(ctx context.Context, args []string) error {
	id, err := a.find(ctx, "reveal", args)
	if id == "" {
		return err
	}
	if a.change, err = a.s.change(ctx, a.tx, id); err != nil {
		return err
	}
	return a.reveal(ctx)
}

// previewed approves the draft that the person has just read whole, unless it is another one by now.
func (a *act) previewed(ctx context.Context) error {
	if d := a.ticket().Draft(); d != nil && d.ID != escalate.ReplyID(a.press.Fields["newest"]) {
		return a.noEffect(ctx, "Not sent: this is not the draft that you read. Look at the card, then preview it again.")
	}
	return a.approve(ctx)
}

// preview opens the draft whole, for one person: what it holds is not shown on the card.
func (a *act) preview(ctx context.Context) error {
	d := a.ticket().Draft()
	if d == nil {
		return a.noEffect(ctx, "There is no draft to preview any more.")
	}
	text, err := a.tx.Text(ctx, a.ticket().ID, replyKey(d.ID))
	if err != nil {
		return fmt.Errorf("load draft: %w", err)
	}
	card, err := drawing(ctx, a.tx, a.ticket(), a.card)
	if err != nil {
		return err
	}
	a.ack.Open = &Modal{Action: ActSubmitPreview, Token: a.card.Token, Card: card, Text: text, Newest: escalate.MessageID(d.ID)}
	return a.done(ctx, "draft shown unmasked")
}
