package localslack

import (
	"maps"
	"slices"
)

// The tables below are Slack's rules for interactive elements, as in
// @slack/types 3.2.0.

// fields merges tables; later ones win.
func fields(tables ...map[string]field) map[string]field {
	all := map[string]field{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

var (
	style   = may(oneOf("primary", "danger"))
	confirm = may(object(map[string]field{
		"title": may(plain(100)), "text": need(anyText(300)), "confirm": may(plain(30)), "deny": may(plain(30)), "style": style,
	}))
	placeholder = may(plain(150))
	dispatch    = may(object(map[string]field{
		"trigger_actions_on": may(list(0, 0, oneOf("on_enter_pressed", "on_character_entered"))),
	}))
	texts = may(list(0, 0, text(0, 0)))
)

// option is a choice; withURL holds in overflow menus only, but Slack's schema
// allows it everywhere.
func option(label checker) checker {
	return object(map[string]field{
		"text": need(label), "value": may(text(0, 75)), "description": may(plain(75)), "url": may(text(0, 3000)),
	})
}

var (
	plainOption = option(plain(75))
	anyOption   = option(anyText(75))
	optionGroup = object(map[string]field{"label": need(plain(75)), "options": need(list(1, 100, plainOption))})
)

// interactive is what every element that can be acted on may have.
func interactive(kind string, extra map[string]field) map[string]field {
	return fields(map[string]field{"type": is(kind), "action_id": actionID, "confirm": confirm}, extra)
}

// input is what every element that holds a value may have besides.
func input(kind string, extra map[string]field) checker {
	return object(interactive(kind, fields(map[string]field{"focus_on_load": may(boolean)}, extra)))
}

// typed is an element that one types into; it takes no confirm dialog.
func typed(kind string, extra map[string]field) checker {
	f := fields(map[string]field{
		"type": is(kind), "action_id": actionID, "focus_on_load": may(boolean), "placeholder": placeholder,
		"dispatch_action_config": dispatch, "initial_value": may(text(0, 0)),
	}, extra)
	return object(f)
}

func choice(kind string, extra map[string]field) checker {
	return input(kind, fields(map[string]field{"placeholder": placeholder}, extra))
}

// exactlyOneOf wraps a checker of an element that takes options or groups.
func exactlyOneOf(a, b string, c checker) checker {
	return func(v *checking, at pointer, value any) {
		c(v, at, value)
		if o, ok := value.(obj); ok && (o[a] == nil) == (o[b] == nil) {
			v.fault(at, "required", a, "exactly one of %s and %s is needed", a, b)
		}
	}
}

var (
	button = object(interactive("button", map[string]field{
		"text": need(plain(75)), "value": may(text(0, 2000)), "url": may(text(0, 3000)), "style": style,
		"accessibility_label": may(text(0, 75)),
	}))
	workflowButton = object(interactive("workflow_button", map[string]field{
		"text": need(plain(75)), "style": style, "accessibility_label": may(text(0, 75)), "workflow": need(workflow),
	}))
	workflow = object(map[string]field{"trigger": need(object(map[string]field{
		"url": need(text(1, 0)), "customizable_input_parameters": may(list(0, 0, object(map[string]field{
			"name": need(text(0, 0)), "value": need(text(0, 0)),
		}))),
	}))})
	overflow   = object(interactive("overflow", map[string]field{"options": need(list(1, 5, plainOption))}))
	checkboxes = input("checkboxes", map[string]field{
		"options": need(list(1, 10, anyOption)), "initial_options": may(list(1, 10, anyOption)),
	})
	radioButtons = input("radio_buttons", map[string]field{
		"options": need(list(1, 10, anyOption)), "initial_option": may(anyOption),
	})
	richTextInput = typed("rich_text_input", map[string]field{
		"initial_value": may(richText), "min_lines": may(number), "max_lines": may(number),
	})
)

var (
	options = map[string]field{
		"options": may(list(1, 100, plainOption)), "option_groups": may(list(1, 100, optionGroup)),
	}
	several = map[string]field{"max_selected_items": may(number)}
	filter  = may(object(map[string]field{
		"include":           may(list(0, 0, oneOf("im", "mpim", "private", "public"))),
		"exclude_bot_users": may(boolean), "exclude_external_shared_channels": may(boolean),
	}))
	conversationOpts = map[string]field{"default_to_current_conversation": may(boolean), "filter": filter}
	responseURLOpts  = map[string]field{"response_url_enabled": may(boolean)}
)

// picks are selects, date and time pickers, checkboxes and radio buttons: they
// may stand in a section, in actions and in an input.
var picks = map[string]checker{
	"checkboxes":    checkboxes,
	"radio_buttons": radioButtons,
	"datepicker":    choice("datepicker", map[string]field{"initial_date": may(text(0, 0))}),
	"timepicker": choice("timepicker", map[string]field{
		"initial_time": may(text(0, 0)), "timezone": may(text(0, 0)),
	}),
	"static_select": exactlyOneOf("options", "option_groups",
		choice("static_select", fields(options, map[string]field{"initial_option": may(plainOption)}))),
	"multi_static_select": exactlyOneOf("options", "option_groups",
		choice("multi_static_select", fields(options, several, map[string]field{"initial_options": may(list(0, 100, plainOption))}))),
	"users_select":       choice("users_select", map[string]field{"initial_user": may(text(0, 0))}),
	"multi_users_select": choice("multi_users_select", fields(several, map[string]field{"initial_users": texts})),
	"channels_select": choice("channels_select", fields(responseURLOpts, map[string]field{
		"initial_channel": may(text(0, 0)),
	})),
	"multi_channels_select": choice("multi_channels_select", fields(several, map[string]field{"initial_channels": texts})),
	"conversations_select": choice("conversations_select", fields(responseURLOpts, conversationOpts, map[string]field{
		"initial_conversation": may(text(0, 0)),
	})),
	"multi_conversations_select": choice("multi_conversations_select", fields(several, conversationOpts, map[string]field{
		"initial_conversations": texts,
	})),
	"external_select": choice("external_select", map[string]field{
		"initial_option": may(plainOption), "min_query_length": may(number),
	}),
	"multi_external_select": choice("multi_external_select", fields(several, map[string]field{
		"initial_options": may(list(0, 100, plainOption)), "min_query_length": may(number),
	})),
}

var dateTimePicker = input("datetimepicker", map[string]field{"initial_date_time": may(number)})

var accessories = union(picks, map[string]checker{
	"button": button, "image": imageElement, "overflow": overflow, "workflow_button": workflowButton,
})

var actionElements = union(picks, map[string]checker{
	"button": button, "overflow": overflow, "workflow_button": workflowButton, "datetimepicker": dateTimePicker,
	"rich_text_input": richTextInput,
})

var inputElements = union(picks, map[string]checker{
	"datetimepicker":  dateTimePicker,
	"rich_text_input": richTextInput,
	"plain_text_input": typed("plain_text_input", map[string]field{
		"multiline": may(boolean), "min_length": may(number), "max_length": may(number), "initial_value": may(text(0, 3000)),
	}),
	"email_text_input": typed("email_text_input", nil),
	"url_text_input":   typed("url_text_input", nil),
	"number_input": typed("number_input", map[string]field{
		"is_decimal_allowed": need(boolean), "min_value": may(text(0, 0)), "max_value": may(text(0, 0)),
	}),
	"file_input": object(map[string]field{
		"type": is("file_input"), "action_id": actionID, "filetypes": texts, "max_files": may(between(1, maxFilesAtOnce)),
	}),
})

func union(tables ...map[string]checker) map[string]checker {
	all := map[string]checker{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
