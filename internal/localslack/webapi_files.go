package localslack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of uploads (docs.slack.dev).
const (
	maxAltText       = 1000 // characters
	maxShareChannels = 100
	maxFilesAtOnce   = 10
	maxFilename      = 255 // bytes; ours
)

// shareDelay is how long Slack takes to look at a file before it is shown:
// files.completeUploadExternal answers before its message is there.
const shareDelay = 200 * time.Millisecond

func filesGetUploadURLExternal(c *call) (obj, error) {
	length, err := c.number("length", 0)
	name := c.str("filename")
	switch {
	case err != nil || length < 0:
		return nil, refuse("invalid_arguments", "[ERROR] must be more than 0 [json-pointer:/length]")
	case length == 0:
		return nil, refuse("missing_argument")
	case !isFilename(name):
		return nil, refuse("invalid_arguments", "[ERROR] filename is no file's name [json-pointer:/filename]")
	case c.str("snippet_type") != "":
		return nil, refuse("unknown_snippet_type") // snippets are not kept
	case utf8.RuneCountInString(c.str("alt_txt")) > maxAltText:
		return nil, refuse("alt_txt_too_large")
	case length > maxUpload:
		return nil, refuse("file_upload_size_restricted")
	case c.st.stored+length > maxStorage:
		return nil, refuse("storage_limit_reached")
	}
	f := File{
		ID: newID("F"), App: c.app.ID, User: c.app.BotUser, Name: name, AltText: c.str("alt_txt"), Created: c.now().Unix(),
		Base: c.base, Key: newID("") + newID(""),
	}
	ticket := c.uploads.issue(&upload{file: f, length: length})
	return obj{"upload_url": c.base + "/_upload/" + ticket, "file_id": f.ID}, nil
}

// isFilename reports whether a name is one of a file, in no folder.
func isFilename(name string) bool {
	return name != "" && len(name) <= maxFilename && path.Base(name) == name && !strings.ContainsAny(name, "\\\x00\r\n")
}

func filesCompleteUploadExternal(c *call) (obj, error) {
	files, err := c.uploaded()
	if err != nil {
		return nil, err
	}
	shares, err := c.shares()
	if err != nil {
		return nil, err
	}
	done := []obj{}
	for _, f := range files {
		f.Shares = shares
		if err := c.commit(Record{Kind: FileCompleted, File: &f}); err != nil {
			return nil, err
		}
		done = append(done, obj{"id": f.ID, "title": f.Title})
	}
	c.showSoon(files)
	return obj{"files": done}, nil
}

// uploaded finds the files that a call completes: uploaded by this app, and
// not completed yet. A ticket that was used is not found again.
func (c *call) uploaded() ([]File, error) {
	var asked []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if json.Unmarshal(c.json("files"), &asked) != nil || len(asked) == 0 || len(asked) > maxFilesAtOnce {
		return nil, refuse("invalid_arguments", "[ERROR] must be an array of files [json-pointer:/files]")
	}
	var files []File
	for i, a := range asked {
		f := c.st.files[a.ID]
		if f == nil || f.App != c.app.ID || f.Done || slices.ContainsFunc(files, func(g File) bool { return g.ID == a.ID }) {
			return nil, refuse("file_not_found", fmt.Sprintf("[ERROR] no upload awaits completion [json-pointer:/files/%d/id]", i))
		}
		title := a.Title
		if title == "" {
			title = f.Name
		}
		files = append(files, File{ID: f.ID, Title: title})
	}
	return files, nil
}

// shares says where a call wants its files shown; nowhere is allowed.
func (c *call) shares() ([]FileShare, error) {
	var to []*conversation
	if ref := c.str("channel_id"); ref != "" {
		ch, err := c.shareable(ref, "channel_not_found")
		if err != nil {
			return nil, err
		}
		to = append(to, ch)
	}
	list := c.list("channels")
	if len(list) > maxShareChannels {
		return nil, refuse("channels_limit_exceeded")
	}
	for _, ref := range list {
		ch, err := c.personOrChannel(ref)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(to, ch) {
			to = append(to, ch)
		}
	}
	form := FileShare{Comment: clip(c.str("initial_comment"), maxPostText), ThreadTS: c.str("thread_ts")}
	if raw := c.json("blocks"); raw != nil && form.Comment == "" { // with a comment Slack ignores the blocks
		blocks, err := acceptBlocks(raw)
		if err != nil {
			return nil, err
		}
		form.Blocks = blocks
	}
	var shares []FileShare
	for _, ch := range to {
		if ts := form.ThreadTS; ts != "" {
			parent := c.st.byTS[key(ch.ID, ts)]
			if len(to) > 1 || parent == nil || parent.To != "" || parent.ThreadTS != "" {
				return nil, refuse("invalid_arguments", "[ERROR] thread_ts must be of one channel's own message [json-pointer:/thread_ts]")
			}
		}
		share := form
		share.Channel = ch.ID
		shares = append(shares, share)
	}
	return shares, nil
}

// personOrChannel finds one of the channels argument: a person's id means
// their direct conversation.
func (c *call) personOrChannel(ref string) (*conversation, error) {
	if u := c.st.user(ref); u != nil && u.ID == ref && !u.Deleted && !u.IsBot {
		return c.openIM(c.app, u)
	}
	return c.shareable(ref, "invalid_channel")
}

// shareable finds a conversation by id that the app is a member of.
func (c *call) shareable(ref, unknown string) (*conversation, error) {
	ch := c.st.channel(ref)
	if ch == nil || ch.ID != ref || !c.sees(ch) {
		return nil, refuse(unknown)
	}
	if !slices.Contains(ch.Members, c.app.BotUser) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// showSoon posts the messages of completed files once Slack has looked at
// them. Callers hold mu.
func (w *Workspace) showSoon(files []File) {
	w.goOwned(func() {
		if sleep(w.ctx, shareDelay) != nil {
			return // the next start posts what is still to be shown
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.show(files)
	})
}

// show posts one message in each conversation that completed files are to be
// seen in. Callers hold mu.
func (w *Workspace) show(files []File) {
	var ids []string
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	first := w.st.files[ids[0]]
	for _, share := range slices.Clone(first.Shares) {
		ch := w.st.channel(share.Channel)
		if ch == nil || share.TS != "" {
			continue
		}
		m := &Message{
			Channel: ch.ID, TS: w.nextTS(), ThreadTS: share.ThreadTS, User: first.User, App: first.App, Text: share.Comment,
			Blocks: share.Blocks, Files: ids,
		}
		if err := w.commit(Record{Kind: MessagePosted, Message: m}); err != nil {
			w.log.Error("file is not shown", "file", first.ID, "error", err)
			return
		}
		w.tellApps(ch, m)
		w.tellShared(ch, m)
	}
}

// resume shows the files whose messages a stop came before. It is called once,
// before anybody else has the workspace. Callers hold mu.
func (w *Workspace) resume() {
	for _, id := range w.st.unshown() {
		w.show([]File{{ID: id}})
	}
}

// unshown lists completed files with a message still to come, oldest first.
func (s *state) unshown() []string {
	var all []*File
	for _, f := range s.files {
		if f.Done && slices.ContainsFunc(f.Shares, func(sh FileShare) bool { return sh.TS == "" }) {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b *File) int { return cmp.Or(cmp.Compare(a.Created, b.Created), strings.Compare(a.ID, b.ID)) })
	ids := make([]string, len(all))
	for i, f := range all {
		ids[i] = f.ID
	}
	return ids
}

// tellShared sends file_shared events about a message's files.
func (w *Workspace) tellShared(ch *conversation, m *Message) {
	for _, a := range w.st.apps {
		if !a.has("files:read") || !slices.Contains(ch.Members, a.BotUser) {
			continue
		}
		for _, id := range m.Files {
			w.emit(a, obj{"type": "file_shared", "file_id": id, "user_id": m.User, "file": obj{"id": id}, "channel_id": ch.ID, "event_ts": w.nextTS()})
		}
	}
}

func filesInfo(c *call) (obj, error) {
	f := c.st.files[c.str("file")]
	if f == nil || !f.Done || !c.st.sees(c.app, f) {
		return nil, refuse("file_not_found")
	}
	if f.Deleted {
		return nil, refuse("file_deleted")
	}
	return obj{"file": c.st.file(f), "comments": []obj{}, "response_metadata": cursorMeta("")}, nil
}
