package localslack

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// A response_url works five times within half an hour.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
	maxResponses = 10_000
)

// responseURL is the right to answer an interaction.
type responseURL struct {
	app, channel, user string
	message            string // ts of the message that was acted on, if any
	thread             string
	at                 time.Time
	left               int
}

type responseURLs struct {
	byID  map[string]*responseURL
	order []string
}

func newResponseURLs() responseURLs { return responseURLs{byID: map[string]*responseURL{}} }

func (rs *responseURLs) issue(base string, r responseURL) string {
	if len(rs.order) >= maxResponses {
		delete(rs.byID, rs.order[0])
		rs.order = rs.order[1:]
	}
	id := newID("") + newID("")
	r.left = responseUses
	rs.byID[id] = &r
	rs.order = append(rs.order, id)
	return base + "/_response/" + id
}

// reply is what an app answers: to a response_url or in the ack of a command.
type reply struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     json.RawMessage `json:"attachments"`
	ResponseType    string          `json:"response_type"` // ephemeral (default) or in_channel
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	ThreadTS        string          `json:"thread_ts"`
}

// responseMethod is how faults and the traffic name the use of a response_url.
const responseMethod = "response_url"

func (w *Workspace) serveResponseURL(rw http.ResponseWriter, r *http.Request) {
	injected, err := w.takeFault(r.Context(), responseMethod)
	if err != nil {
		return // the caller has gone
	}
	if injected != nil && !injected.AfterApply {
		send(rw, injected.answer())
		return
	}
	data, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	w.record("call", responseMethod, string(data))
	status, text := http.StatusOK, "ok"
	var in reply
	switch {
	case err != nil:
		status, text = http.StatusRequestEntityTooLarge, "invalid_payload"
	case json.Unmarshal(data, &in) != nil:
		status, text = http.StatusBadRequest, "invalid_payload"
	default:
		if err := w.respond(r.PathValue("id"), in); err != nil {
			status, text = http.StatusBadRequest, err.Error()
			if text == "used_url" || text == "expired_url" {
				status = http.StatusNotFound
			}
		}
	}
	w.record("reply", responseMethod, text)
	if injected != nil {
		send(rw, injected.answer())
		return
	}
	rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = io.WriteString(rw, text) // a caller that has gone needs no answer
}

func (w *Workspace) respond(id string, in reply) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.responses.byID[id]
	switch {
	case u == nil, w.now().Sub(u.at) > responseLife:
		return refuse("expired_url")
	case u.left == 0:
		return refuse("used_url")
	}
	if err := w.applyReply(u, in); err != nil {
		return err
	}
	u.left--
	return nil
}

// applyReply posts, replaces or deletes as the reply says.
func (w *Workspace) applyReply(u *responseURL, in reply) error {
	original := w.st.byTS[key(u.channel, u.message)]
	if in.DeleteOriginal {
		if original == nil {
			return refuse("message_not_found")
		}
		return w.deleteOriginal(original)
	}
	m, err := w.replyMessage(u, in)
	if err != nil {
		return err
	}
	if in.ReplaceOriginal && original != nil {
		return w.replaceOriginal(original, m)
	}
	m.TS = w.nextTS()
	if in.ResponseType == "in_channel" {
		if err := w.commit(Record{Kind: MessagePosted, Message: m}); err != nil {
			return err
		}
		w.tellApps(w.st.channel(m.Channel), m)
		return nil
	}
	m.To = u.user
	return w.commit(Record{Kind: EphemeralPosted, Message: m})
}

func (w *Workspace) replyMessage(u *responseURL, in reply) (*Message, error) {
	m := &Message{Channel: u.channel, User: w.st.app(u.app).BotUser, App: u.app, Text: clip(in.Text, maxPostText)}
	m.ThreadTS = in.ThreadTS
	if m.ThreadTS == "" {
		m.ThreadTS = u.thread
	}
	if len(in.Blocks) > 0 && string(in.Blocks) != "null" {
		blocks, err := acceptBlocks(in.Blocks)
		if err != nil {
			return nil, err
		}
		m.Blocks = blocks
	}
	if len(in.Attachments) > 0 && string(in.Attachments) != "null" {
		attachments, err := acceptAttachments(in.Attachments)
		if err != nil {
			return nil, err
		}
		m.Attachments = attachments
	}
	if m.Text == "" && m.Blocks == nil && m.Attachments == nil {
		return nil, refuse("no_text")
	}
	return m, nil
}

func (w *Workspace) deleteOriginal(m *Message) error {
	if m.To != "" {
		return w.commit(Record{Kind: EphemeralDeleted, Channel: m.Channel, TS: m.TS})
	}
	return w.deleteMessage(m)
}

func (w *Workspace) replaceOriginal(original, m *Message) error {
	next := *original
	next.Text, next.Blocks, next.Attachments, next.EditedTS = m.Text, m.Blocks, m.Attachments, w.nextTS()
	if next.To != "" {
		return w.commit(Record{Kind: EphemeralUpdated, Message: &next})
	}
	return w.changeMessage(original, &next)
}
