package builtin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// Kind names what a journal line records.
type Kind string

// The kinds of journal lines, and the fields of Record that each has.
const (
	TicketCreated    Kind = "ticket_created"    // Ticket, Created, Message: the first one
	MessageAdded     Kind = "message_added"     // Ticket, Message, Patch when it reopened the ticket
	MessageEdited    Kind = "message_edited"    // Ticket, Edit, Patch when it reopened the ticket
	TicketPatched    Kind = "ticket_patched"    // Ticket, Patch
	WebhookDelivered Kind = "webhook_delivered" // Change: the line that it told of
	WebhookDropped   Kind = "webhook_dropped"   // Change, Why
	FaultSet         Kind = "fault_set"         // Fault
	FaultFired       Kind = "fault_fired"       // Fault, Ticket
	FaultsCleared    Kind = "faults_cleared"
)

// Record is one line of the journal: what changed, when. Replaying all lines yields the state.
type Record struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"`
	Kind    Kind      `json:"kind"`
	Ticket  string    `json:"ticket,omitempty"`
	Created *Ticket   `json:"created,omitempty"` // without messages
	Message *Message  `json:"message,omitempty"`
	Bodies  [][]byte  `json:"bodies,omitempty"` // of Message.Files, in their order
	Edit    *Edit     `json:"edit,omitempty"`
	Patch   *Patch    `json:"patch,omitempty"`
	Change  int64     `json:"change,omitempty"`
	Why     string    `json:"why,omitempty"`
	Fault   *Fault    `json:"fault,omitempty"`
	// Tell says that a webhook about this change is owed until a line says that it was delivered or dropped.
	Tell bool `json:"tell,omitempty"`
}

// isChange reports whether a ticket changed, so that the feed and a webhook tell of it.
func (r *Record) isChange() bool {
	return r.Kind == TicketCreated || r.Kind == MessageAdded || r.Kind == MessageEdited || r.Kind == TicketPatched
}

// journal appends records to a file, or to nothing when it has none. A line is handed to the operating system in one
// write before the change can be seen: a kill of the process loses nothing that was answered, a power cut may.
type journal struct {
	file *os.File
	end  int64 // where the next line goes
	seq  int64
}

// openJournal replays the lines of a file, then opens it for appending by this process alone. A last line without its
// newline is a write that a kill cut short and that nobody was answered for: it is removed.
func openJournal(path string, apply func(*Record)) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &journal{file: file}
	if err := j.replay(apply); err != nil {
		return nil, errors.Join(fmt.Errorf("replay journal %s: %w", path, err), file.Close())
	}
	return j, nil
}

func (j *journal) replay(apply func(*Record)) error {
	if err := syscall.Flock(int(j.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.New("another desk has it open; stop that one or use another file")
	}
	err := readLines(j.file, func(line []byte, r *Record) {
		j.end += int64(len(line))
		j.seq = r.Seq
		apply(r)
	})
	if err != nil {
		return err
	}
	return j.file.Truncate(j.end)
}

func (j *journal) append(r *Record) error {
	r.Seq = j.seq + 1
	if j.file != nil {
		line, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("encode journal line: %w", err)
		}
		line = append(line, '\n')
		// A write that stops half way (a full disk) leaves end where it is, so the next one covers what is left of it.
		if _, err := j.file.WriteAt(line, j.end); err != nil {
			return errors.Join(fmt.Errorf("write journal: %w", err), j.file.Truncate(j.end))
		}
		j.end += int64(len(line))
	}
	j.seq = r.Seq
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// ReadJournal returns the records of a journal in order. It may be called while a desk writes to it: a line that is
// not whole yet is left out.
func ReadJournal(path string) ([]Record, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	defer func() { _ = file.Close() }()
	var all []Record
	if err := readLines(file, func(_ []byte, r *Record) { all = append(all, *r) }); err != nil {
		return nil, fmt.Errorf("read journal %s: %w", path, err)
	}
	return all, nil
}

func readLines(from io.Reader, use func(line []byte, r *Record)) error {
	reader := bufio.NewReader(from)
	for n := 1; ; n++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var r Record
		if err := json.Unmarshal(bytes.TrimSpace(line), &r); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		use(line, &r)
	}
}
