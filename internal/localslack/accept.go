package localslack

import (
	"encoding/json"
	"strconv"
)

// Limits of messages (docs.slack.dev; chat.update counts bytes, as measured).
const (
	maxPostText    = 40_000 // characters; more is cut off
	maxUpdateText  = 4_000  // bytes; more is refused
	maxMetadata    = 12_000 // bytes
	maxAttachments = 100
)

// fill takes blocks, attachments and metadata from the arguments.
func (c *call) fill(m *Message) error {
	if text := c.str("markdown_text"); text != "" {
		if c.has("blocks") || c.has("text") {
			return refuse("markdown_text_conflict")
		}
		c.args["blocks"] = arg{raw: mustMarshal([]obj{{"type": "markdown", "text": text}})}
	}
	if raw := c.json("blocks"); raw != nil {
		blocks, err := acceptBlocks(raw)
		if err != nil {
			return err
		}
		m.Blocks = blocks
	}
	if raw := c.json("attachments"); raw != nil {
		attachments, err := acceptAttachments(raw)
		if err != nil {
			return err
		}
		m.Attachments = attachments
	}
	if raw := c.json("metadata"); raw != nil {
		return acceptMetadata(m, raw)
	}
	return nil
}

func acceptMetadata(m *Message, raw json.RawMessage) error {
	var md struct {
		EventType    string          `json:"event_type"`
		EventPayload json.RawMessage `json:"event_payload"`
	}
	if json.Unmarshal(raw, &md) != nil {
		return refuse("invalid_metadata_format")
	}
	if md.EventType == "" || decodeObject(md.EventPayload) == nil {
		return refuse("invalid_metadata_schema")
	}
	if len(raw) > maxMetadata {
		return refuse("metadata_too_large")
	}
	m.Metadata = raw
	return nil
}

// acceptBlocks checks a message's blocks and returns them as the workspace
// keeps them; no blocks at all are nil.
func acceptBlocks(raw json.RawMessage) (json.RawMessage, error) {
	if !json.Valid(raw) {
		return nil, refuse("invalid_blocks_format")
	}
	if found := CheckBlocks(raw, SurfaceMessage); len(found) > 0 {
		return nil, invalidBlocks(found, "/blocks")
	}
	if countText(raw) > maxCounted {
		return nil, refuse("msg_blocks_too_long")
	}
	return fillBlocks(raw), nil
}

// acceptAttachments checks a message's attachments and the blocks in them, and
// returns them as the workspace keeps them.
func acceptAttachments(raw json.RawMessage) (json.RawMessage, error) {
	v, err := decode(raw)
	all, isList := v.([]any)
	if err != nil || !isList {
		return nil, refuse("invalid_attachments")
	}
	if len(all) > maxAttachments {
		return nil, refuse("too_many_attachments")
	}
	for i, item := range all {
		a, isObject := item.(obj)
		blocks, has := a["blocks"]
		switch {
		case !isObject:
			return nil, refuse("invalid_attachments")
		case !has:
			continue
		}
		if found := CheckBlocks(mustMarshal(blocks), SurfaceMessage); len(found) > 0 {
			e := invalidBlocks(found, "/attachments/"+strconv.Itoa(i)+"/blocks")
			e.code = "invalid_attachments"
			return nil, e
		}
		fill(blocks.([]any))
		a["id"] = i + 1
	}
	return mustMarshal(all), nil
}

func invalidBlocks(found []BlockError, under string) *apiError {
	e := &apiError{code: "invalid_blocks"}
	var errs []string
	for _, f := range found {
		text := f.Message + " [json-pointer:" + under + f.Pointer + "]"
		errs = append(errs, text)
		e.messages = append(e.messages, "[ERROR] "+text)
	}
	e.errors = errs
	return e
}
