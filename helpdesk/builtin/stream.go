package builtin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	streamBeat  = 20 * time.Second // a comment that keeps proxies from closing a quiet stream
	streamWrite = 30 * time.Second // a reader this slow is gone
	mostStreams = 200
)

// stream sends the changes feed as server-sent events, from now or from Last-Event-ID. A slow reader costs no memory:
// what it has not seen is read from the feed when it is ready for more.
func (d *Desk) stream(w http.ResponseWriter, r *http.Request) {
	if d.streams.Add(1) > mostStreams {
		d.streams.Add(-1)
		fail(w, &problem{status: http.StatusServiceUnavailable, text: "too many pages are open; close one"})
		return
	}
	defer d.streams.Add(-1)
	d.mu.Lock()
	last := d.state.newest()
	d.mu.Unlock()
	if seq, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64); err == nil && seq >= 0 && seq <= last {
		last = seq
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	text := ": hello\n\n"
	for {
		_ = control.SetWriteDeadline(time.Now().Add(streamWrite)) // not every ResponseWriter has one
		if _, err := w.Write([]byte(text)); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
		d.mu.Lock()
		found, changed := d.state.after(last, 100), d.changed
		d.mu.Unlock()
		if len(found) > 0 {
			text, last = events(found), found[len(found)-1].Seq
			continue
		}
		text = ": beat\n\n"
		select {
		case <-changed:
			text = ""
		case <-beat.C:
		case <-d.done:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func events(changes []Change) string {
	var text []byte
	for _, c := range changes {
		data, err := json.Marshal(c)
		if err != nil {
			continue // a Change has only fields that encode
		}
		text = fmt.Appendf(text, "id: %d\nevent: change\ndata: %s\n\n", c.Seq, data)
	}
	return string(text)
}
