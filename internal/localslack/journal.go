package localslack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Kind names what a journal line records. doc.go lists the fields of each.
type Kind string

// The kinds of journal lines.
const (
	MessagePosted          Kind = "message_posted"
	MessageUpdated         Kind = "message_updated"
	MessageDeleted         Kind = "message_deleted"
	EphemeralPosted        Kind = "ephemeral_posted"
	EphemeralUpdated       Kind = "ephemeral_updated"
	EphemeralDeleted       Kind = "ephemeral_deleted"
	ReactionsChanged       Kind = "reactions_changed"
	ChannelJoined          Kind = "channel_joined"
	ChannelLeft            Kind = "channel_left"
	ChannelArchived        Kind = "channel_archived"
	ChannelUnarchived      Kind = "channel_unarchived"
	PersonChanged          Kind = "person_changed"
	ConversationOpened     Kind = "conversation_opened"
	GroupChanged           Kind = "group_changed"
	ViewOpened             Kind = "view_opened"
	ViewUpdated            Kind = "view_updated"
	ViewPublished          Kind = "view_published"
	ViewClosed             Kind = "view_closed"
	FileUploaded           Kind = "file_uploaded"
	FileCompleted          Kind = "file_completed"
	FileGiven              Kind = "file_given"
	FileDeleted            Kind = "file_deleted"
	InteractionDelivered   Kind = "interaction_delivered"
	InteractionAcked       Kind = "interaction_acked"
	InteractionTimedOut    Kind = "interaction_timed_out"
	InteractionUndelivered Kind = "interaction_undelivered"
)

// Record is one line of the journal: what changed, when. Replaying all lines
// over the config yields the state.
type Record struct {
	Seq         int64        `json:"seq"`
	At          time.Time    `json:"at"`
	Kind        Kind         `json:"kind"`
	Message     *Message     `json:"message,omitempty"`
	Channel     string       `json:"channel,omitempty"`
	TS          string       `json:"ts,omitempty"`
	User        string       `json:"user,omitempty"`
	Group       string       `json:"group,omitempty"`
	Users       []string     `json:"users,omitempty"`
	Reactions   []Reaction   `json:"reactions,omitempty"`
	Person      *Person      `json:"person,omitempty"`
	View        *View        `json:"view,omitempty"`
	File        *File        `json:"file,omitempty"`
	Interaction *Interaction `json:"interaction,omitempty"`
}

// Interaction is an envelope on its way to an app, or what became of it.
type Interaction struct {
	EnvelopeID   string          `json:"envelope_id"`
	Type         string          `json:"type"` // interactive, slash_commands, events_api
	What         string          `json:"what"` // block_actions, view_submission, the command, the event's type
	App          string          `json:"app"`
	EventID      string          `json:"event_id,omitempty"`
	Channel      string          `json:"channel,omitempty"`
	MessageTS    string          `json:"message_ts,omitempty"`
	ViewID       string          `json:"view_id,omitempty"`
	ActionID     string          `json:"action_id,omitempty"`
	Value        string          `json:"value,omitempty"`
	RetryAttempt int             `json:"retry_attempt,omitempty"`
	AckMS        int64           `json:"ack_ms,omitempty"`
	Ack          json.RawMessage `json:"ack,omitempty"`
	Reason       string          `json:"reason,omitempty"` // why it timed out or was not delivered
}

// journal appends records to a file, or to nothing when it has none. A line is
// handed to the operating system in one write before the change becomes
// visible: a kill of the process loses no answered call, a power cut may.
type journal struct {
	file *os.File
	seq  int64
}

// openJournal replays the lines of an existing file through apply, then opens
// it for appending. A last line without its newline is a write that a kill cut
// short and that nobody was answered for: it is removed.
func openJournal(path string, apply func(Record)) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &journal{file: f}
	if err := j.replay(apply); err != nil {
		return nil, errors.Join(fmt.Errorf("replay journal %s: %w", path, err), f.Close())
	}
	return j, nil
}

func (j *journal) replay(apply func(Record)) error {
	good := int64(0)
	err := readLines(j.file, func(line []byte) error {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		j.seq = r.Seq
		good += int64(len(line)) + 1
		apply(r)
		return nil
	})
	if err != nil {
		return err
	}
	if err := j.file.Truncate(good); err != nil {
		return err
	}
	_, err = j.file.Seek(good, io.SeekStart)
	return err
}

// readLines calls use for each whole line; what follows the last newline is
// left out.
func readLines(r io.Reader, use func([]byte) error) error {
	br := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := br.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := use(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

func (j *journal) append(r *Record) error {
	j.seq++
	r.Seq = j.seq
	if j.file == nil {
		return nil
	}
	line, err := marshal(r)
	if err != nil {
		return fmt.Errorf("encode journal line: %w", err)
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// ReadJournal returns the records of a journal file in order. It may be called
// while the workspace is running; a line still being written is left out.
func ReadJournal(path string) ([]Record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	defer func() { _ = f.Close() }()
	var all []Record
	err = readLines(f, func(line []byte) error {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		all = append(all, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read journal %s: %w", path, err)
	}
	return all, nil
}

// marshal is json.Marshal without escaping <, > and &, which Slack leaves be.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
