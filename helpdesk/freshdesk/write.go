package freshdesk

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Limits implements desk.Helpdesk. Nothing tells whether a lost call will still be applied, so the wait is long.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// reference. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticketID, w)
	case desk.WriteNote:
		return c.note(ctx, ticketID, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, ticketID, w.Agent)
	case desk.WriteTags:
		return "", c.addTags(ctx, ticketID, w.Tags)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, ticketID, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, ticketID, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing this helpdesk can write", w.Kind)}
	}
}

// newMessage is a reply or a note on its way. Private is set for every note, and for no reply, whose place is public.
type newMessage struct {
	Body       string         `json:"body,omitempty"`
	Structured *newStructured `json:"structured_body,omitempty"`
	Private    bool           `json:"private,omitempty"`
	UserID     int64          `json:"user_id,omitempty"`
}

// newStructured is a text in the form that web chats and apps take instead of HTML.
type newStructured struct {
	Contents []newPart `json:"body_contents"`
}

type newPart struct {
	Type string  `json:"type"`
	Data newText `json:"data"`
}

type newText struct {
	Text string `json:"text"`
}

// reply sends a public message. It goes out in the name of its author where an agent of the account has that name, and is signed
// where none has. The commit point is the post: nothing before it changes anything, and after it only a reading can tell.
func (c *Connector) reply(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	t, path, err := c.ticket(ctx, ticketID, "conversations")
	if err != nil {
		return "", err
	}
	if archived(path) {
		return "", &desk.Refused{Op: op, Why: "the ticket is archived, and takes no more replies; write to the customer in a new ticket"}
	}
	text, key := w.Text, w.Key
	var m newMessage
	if author := strings.TrimSpace(w.Author); author != "" {
		agent, found, err := c.authorOf(ctx, author)
		switch {
		case err != nil:
			return "", err
		case found:
			m.UserID = agent
		default:
			text, key = signed(text, key, author)
		}
	}
	text = helpdesk.WithRef(text, key)
	if t.wantsStructured() {
		if len(w.Files) > 0 {
			return "", &desk.Refused{Op: op, Why: "files cannot be sent into a web chat through the API; send the text alone", Content: true}
		}
		m.Structured = &newStructured{Contents: []newPart{{Type: "text", Data: newText{Text: text}}}}
	} else {
		m.Body = richtext.HTML(text)
	}
	return c.post(ctx, op, append(path, "reply"), m, w.Files)
}

// authorOf is the agent in whose name a reply goes. Our own agent is none: what is sent as it reads as the bot's.
func (c *Connector) authorOf(ctx context.Context, name string) (int64, bool, error) {
	if c.sign {
		return 0, false, nil
	}
	me, err := c.me(ctx)
	if err != nil {
		return 0, false, err
	}
	agent, found, err := c.agentNamed(ctx, name)
	return agent, found && strconv.FormatInt(agent, 10) != string(me.ID), err
}

// wantsStructured reports whether replies to a ticket need the form of web chats; HTML is refused there.
func (t *ticket) wantsStructured() bool {
	if isStructured(t.Structured) {
		return true
	}
	for i := range t.Conversation {
		if isStructured(t.Conversation[i].Structured) {
			return true
		}
	}
	return false
}

// note adds a note that is not there yet. Private is what the API assumes where nothing is said; it is said all the same.
func (c *Connector) note(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "add note"
	t, path, err := c.ticket(ctx, ticketID, "requester")
	if err != nil {
		return "", err
	}
	if w.Key != "" {
		talk, err := c.conversations(ctx, path)
		if err != nil {
			return "", err
		}
		s, err := c.snapshot(ctx, t, talk)
		if err != nil {
			return "", err
		}
		for _, m := range s.Content.Messages {
			if m.Marker == w.Key {
				return m.ID, nil
			}
		}
	}
	if archived(path) {
		return "", &desk.Refused{Op: op, Why: "the ticket is archived, and takes no more notes"}
	}
	m := newMessage{Body: richtext.HTML(helpdesk.WithRef(w.Text, w.Key)), Private: true}
	return c.post(ctx, op, append(path, "notes"), m, w.Files)
}

// post makes the one call that adds a message, with its files or without.
func (c *Connector) post(ctx context.Context, op string, path []string, m newMessage, files []desk.Upload) (escalate.MessageID, error) {
	var body any = m
	if len(files) > 0 {
		payload, err := multipartOf(m, files)
		if err != nil {
			return "", &desk.Refused{Op: op, Why: err.Error(), Content: true}
		}
		body = payload
	}
	var written conversation
	err := c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: path, Body: body}, &written)
	if err == nil && cmp.Or(written.ID, "0") == "0" {
		err = fmt.Errorf("%s: the answer has no message id", op)
	}
	return escalate.MessageID(written.ID), err
}
