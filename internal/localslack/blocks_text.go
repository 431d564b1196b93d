package localslack

import "encoding/json"

// The tables below are Slack's rules for text, as in @slack/types 3.2.0.

// is checks the type field once byType or the caller has looked at it.
func is(kind string) field { return need(oneOf(kind)) }

func plain(maximum int) checker {
	return object(map[string]field{
		"type": is("plain_text"), "text": need(text(1, maximum)), "emoji": may(boolean),
	})
}

func mrkdwn(maximum int) checker {
	return object(map[string]field{
		"type": is("mrkdwn"), "text": need(text(1, maximum)), "verbatim": may(boolean),
	})
}

func anyText(maximum int) checker {
	return byType(map[string]checker{"plain_text": plain(maximum), "mrkdwn": mrkdwn(maximum)})
}

var (
	blockID  = may(text(0, 255))
	actionID = may(uniqueAction)
)

func uniqueAction(v *checking, at pointer, value any) {
	text(0, 255)(v, at, value)
	v.unique(at, v.actionIDs, "action_id", value)
}

// imageSource are the two shapes of an image: by URL or by Slack file.
func imageSource(common map[string]field) checker {
	byURL, byFile := map[string]field{"image_url": need(text(1, 3000))}, map[string]field{"slack_file": need(slackFile)}
	for name, f := range common {
		byURL[name], byFile[name] = f, f
	}
	return func(v *checking, at pointer, value any) {
		if o, ok := value.(obj); ok && o["slack_file"] != nil {
			object(byFile)(v, at, value)
			return
		}
		object(byURL)(v, at, value)
	}
}

func slackFile(v *checking, at pointer, value any) {
	if o, ok := value.(obj); ok && o["id"] != nil {
		object(map[string]field{"id": need(text(1, 0))})(v, at, value)
		return
	}
	object(map[string]field{"url": need(text(1, 0))})(v, at, value)
}

var imageElement = imageSource(map[string]field{"type": is("image"), "alt_text": need(text(1, 2000))})

// classicBlocks are the blocks that the tables cover.
var classicBlocks = map[string]checker{
	"section": section,
	"actions": object(map[string]field{
		"type": is("actions"), "block_id": blockID, "elements": need(list(1, 25, byType(actionElements))),
	}),
	"context": object(map[string]field{
		"type": is("context"), "block_id": blockID, "elements": need(list(1, 10, byType(contextElements))),
	}),
	"divider": object(map[string]field{"type": is("divider"), "block_id": blockID}),
	"header":  object(map[string]field{"type": is("header"), "block_id": blockID, "text": need(plain(150))}),
	"image": imageSource(map[string]field{
		"type": is("image"), "block_id": blockID, "alt_text": need(text(1, 2000)), "title": may(plain(2000)),
	}),
	"input": object(map[string]field{
		"type": is("input"), "block_id": blockID, "label": need(plain(2000)), "hint": may(plain(2000)),
		"optional": may(boolean), "dispatch_action": may(boolean), "element": need(byType(inputElements)),
	}),
	"rich_text": richText,
}

var contextElements = map[string]checker{
	"image": imageElement, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000),
}

var sectionFields = object(map[string]field{
	"type": is("section"), "block_id": blockID, "text": may(anyText(3000)), "expand": may(boolean),
	"fields": may(list(1, 10, anyText(2000))), "accessory": may(byType(accessories)),
})

func section(v *checking, at pointer, value any) {
	sectionFields(v, at, value)
	if o, ok := value.(obj); ok && o["text"] == nil && o["fields"] == nil {
		v.fault(at, "required", "text", "a section needs text or fields")
	}
}

var textStyle = may(object(map[string]field{
	"bold": may(boolean), "code": may(boolean), "italic": may(boolean), "strike": may(boolean), "underline": may(boolean),
}))

var richTextText = object(map[string]field{"type": is("text"), "text": need(text(1, 0)), "style": textStyle})

var richTextLink = object(map[string]field{
	"type": is("link"), "url": need(text(1, 0)), "text": may(text(0, 0)), "unsafe": may(boolean), "style": textStyle,
})

var richTextElements = map[string]checker{
	"text": richTextText,
	"link": richTextLink,
	"broadcast": object(map[string]field{
		"type": is("broadcast"), "range": need(oneOf("here", "channel", "everyone")), "style": textStyle,
	}),
	"channel": object(map[string]field{"type": is("channel"), "channel_id": need(text(1, 0)), "style": textStyle}),
	"color":   object(map[string]field{"type": is("color"), "value": need(text(1, 0)), "style": textStyle}),
	"date": object(map[string]field{
		"type": is("date"), "timestamp": need(number), "format": need(text(1, 0)), "url": may(text(0, 0)),
		"fallback": may(text(0, 0)), "style": textStyle,
	}),
	"emoji": object(map[string]field{
		"type": is("emoji"), "name": need(text(1, 0)), "unicode": may(text(0, 0)), "url": may(text(0, 0)), "style": textStyle,
	}),
	"team":      object(map[string]field{"type": is("team"), "team_id": need(text(1, 0)), "style": textStyle}),
	"user":      object(map[string]field{"type": is("user"), "user_id": need(text(1, 0)), "style": textStyle}),
	"usergroup": object(map[string]field{"type": is("usergroup"), "usergroup_id": need(text(1, 0)), "style": textStyle}),
}

var richTextSection = object(map[string]field{
	"type": is("rich_text_section"), "elements": need(list(0, 0, byType(richTextElements))),
})

var richText = object(map[string]field{
	"type": is("rich_text"), "block_id": blockID, "elements": need(list(0, 0, byType(map[string]checker{
		"rich_text_section": richTextSection,
		"rich_text_list": object(map[string]field{
			"type": is("rich_text_list"), "style": need(oneOf("bullet", "ordered")), "indent": may(number),
			"border": may(border), "elements": need(list(0, 0, richTextSection)),
		}),
		"rich_text_preformatted": object(map[string]field{
			"type": is("rich_text_preformatted"), "border": may(border),
			"elements": need(list(0, 0, byType(map[string]checker{"text": richTextText, "link": richTextLink}))),
		}),
		"rich_text_quote": object(map[string]field{
			"type": is("rich_text_quote"), "border": may(border), "elements": need(list(0, 0, byType(richTextElements))),
		}),
	}))),
})

func border(v *checking, at pointer, value any) {
	n, ok := value.(json.Number)
	if f, err := n.Float64(); !ok || err != nil || f != 0 && f != 1 {
		v.fault(at, "enum", []int{0, 1}, "must be one of: 0, 1")
	}
}
