package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warmline/escalate"
)

const (
	auditPage = 20  // rows that the audit log is read by
	auditMost = 100 // rows that fit one answer
)

// auditLog shows who did what and who was refused: "", "50", "@ana", "ticket 17", "policy". That somebody read it is kept too.
func (a *act) auditLog(ctx context.Context, args []string) error {
	f := AuditFilter{Limit: auditPage}
	typed := strings.Join(args, " ")
	n, notNumber := strconv.Atoi(typed)
	switch {
	case typed == "":
	case notNumber == nil && n > 0:
		f.Limit = min(n, auditMost)
	case strings.EqualFold(typed, "policy"):
		f.Policy = true
	case strings.EqualFold(args[0], "ticket"):
		id, err := a.find(ctx, "audit ticket", args[1:])
		if id == "" {
			return err
		}
		f.Subject = string(id)
	case strings.HasPrefix(typed, "@"), strings.HasPrefix(typed, "<@"):
		p, err := a.someone(ctx, typed, "audit")
		if p == nil {
			return err
		}
		f.Person = p.ID
	default:
		return a.misread(ctx, "I cannot read the audit log by %q.", typed)
	}
	if err := a.showAudit(ctx, "Newest first", f); err != nil {
		return err
	}
	return a.audit(ctx, "audit", outcomeDone, "read: "+auditWords(f))
}

// auditWords says what of the log was read.
func auditWords(f AuditFilter) string {
	switch {
	case f.Person != "":
		return personSubject(f.Person)
	case f.Subject != "":
		return f.Subject
	case f.Policy:
		return "policy"
	}
	return "all"
}

// older shows the page of the audit log that comes after the one with the button.
func (a *act) older(ctx context.Context) error {
	row, err := a.tx.Ask(ctx, a.press.Token)
	if errors.Is(err, ErrNotFound) || err == nil && (row.Kind != askAudit || row.Subject != string(a.press.Actor)) {
		return a.refuse(ctx, "That button belongs to no question of mine. Please type the command again.")
	}
	if err != nil {
		return err
	}
	var f AuditFilter
	if err := json.Unmarshal(row.Body, &f); err != nil {
		return fmt.Errorf("decode audit filter: %w", err)
	}
	return a.showAudit(ctx, "Older", f)
}

// showAudit shows a page, with a button for the next one where there is one.
func (a *act) showAudit(ctx context.Context, head string, f AuditFilter) error {
	page := f.Limit
	f.Limit++ // whether there is more
	rows, err := a.tx.AuditRows(ctx, f)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return a.say(ctx, "The audit log has nothing of that.")
	}
	ans := Answer{Text: "The audit log", Lines: []Line{{Head: "The audit log", Text: head + ", in your local time."}}}
	numbers := map[string]string{}
	for i := range rows[:min(page, len(rows))] {
		ans.Lines = append(ans.Lines, a.auditLine(ctx, &rows[i], numbers))
	}
	if len(rows) > page {
		f.Limit, f.Before = page, rows[page-1].ID
		body, err := json.Marshal(f)
		if err != nil {
			return fmt.Errorf("encode audit filter: %w", err)
		}
		ans.Actions, ans.Token = []Action{ActOlder}, a.s.NewToken()
		if err := a.tx.PutAsk(ctx, &Ask{Token: ans.Token, Kind: askAudit, Subject: string(a.press.Actor), At: a.tx.Now(), Body: body}); err != nil {
			return err
		}
	}
	return a.answer(ctx, ans)
}

// auditLine is a row in one line. numbers keeps what tickets are called, of which a page often has the same.
func (a *act) auditLine(ctx context.Context, r *AuditRow, numbers map[string]string) Line {
	about, ok := numbers[r.Subject]
	if !ok {
		about = a.subjectWords(ctx, r.Subject)
		numbers[r.Subject] = about
	}
	words := []string{a.name(ctx, escalate.PersonID(r.Actor)), r.Action, about, r.Outcome}
	if r.Detail != "" && r.Detail != r.Outcome {
		words = append(words, r.Detail)
	}
	return Line{Head: a.second(r.At), Text: strings.Join(words, " · ")}
}

// subjectWords says what a row is about, as people call it.
func (a *act) subjectWords(ctx context.Context, subject string) string {
	if id, ok := strings.CutPrefix(subject, "person "); ok {
		return a.name(ctx, escalate.PersonID(id))
	}
	if t, err := a.tx.Ticket(ctx, escalate.TicketID(subject)); err == nil {
		return "#" + t.Ref.ID
	}
	return subject
}
