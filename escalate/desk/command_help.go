package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// everyDay are the commands that most people need; the others work when typed.
var everyDay = []string{"next", "queue", "mine", "why", "promise", "simulate", "pause"}

// manual is what a command's help adds to its form: examples, which can be typed as they stand, the words that may follow it, and
// whether a topic may. By these a slip of the key is put right.
var manual = map[string]struct {
	examples []string
	words    []string
	topics   bool
}{
	"claim":  {examples: []string{"claim 17"}},
	"reveal": {examples: []string{"reveal 17"}},
	"keepwarm": {
		examples: []string{"keepwarm 17", "keepwarm preview 17", "keepwarm effect", "keepwarm 17 off", "keepwarm 17 reason payment by thursday 14:00", "keepwarm 17 by none"},
		words:    append([]string{"on", "off", "reason", "by", "today", "tomorrow", "preview", "effect"}, waitWords()...),
	},
	"handover": {examples: []string{"handover", "handover @ben", "handover channel back on Monday"}, words: []string{"channel"}},
	"sla":      {examples: []string{"sla", "sla 30d", "sla #payments"}},
	"oncall":   {examples: []string{"oncall", "oncall support"}},
	"cover": {
		examples: []string{
			"cover", "cover @ana fri 9:00-13:00", "cover me for @ben tomorrow 9-13 support", "cover me until 17:00", "cover me off mon-fri",
			"cover remove 3",
		},
		words: []string{"me", "for", "off", "list", "remove", "today", "tomorrow", "until"},
	},
	"rota": {
		examples: []string{"rota", "rota support", "rota support people @ana @ben @cem", "rota support first line add @dora", "rota swap @ana @ben"},
		words:    rotaVerbs,
	},
	"why":   {examples: []string{"why 17"}},
	"wrong": {examples: []string{"wrong 17"}},
	"promise": {
		examples: []string{"promise", "promise 2%", "promise balanced", "promise delivery 1%", "promise off"},
		words:    []string{"cautious", "balanced", "fast", "off"}, topics: true,
	},
	"simulate": {
		examples: []string{"simulate", "simulate budget 1%", "simulate what-if threshold 0.9", "simulate what-if exclude topic delivery"},
		words:    append([]string{"budget", "what-if", "promise", "threshold", "auto", "draft", "exclude"}, exclusionKinds...), topics: true,
	},
	"ladder":  {examples: []string{"ladder", "ladder delivery up", "ladder delivery down"}, words: []string{"up", "down"}, topics: true},
	"history": {examples: []string{"history", "history 7", "history 7 back"}, words: []string{"back"}},
	"threshold": {
		examples: []string{"threshold", "threshold auto 0.97", "threshold delivery auto 0.9 draft 0.5"},
		words:    []string{"auto", "draft"}, topics: true,
	},
	"exclude": {
		examples: []string{"exclude list", "exclude add tag press", "exclude add topic delivery", "exclude add words gift card", "exclude remove x1"},
		words:    append([]string{"add", "remove", "list"}, exclusionKinds...), topics: true,
	},
	"pause":  {examples: []string{"pause", "pause delivery"}, words: []string{"everything", "all"}, topics: true},
	"resume": {examples: []string{"resume", "resume delivery"}, words: []string{"everything", "all"}, topics: true},
	"audit": {
		examples: []string{"audit", "audit 50", "audit @ana", "audit ticket 17", "audit policy"},
		words:    []string{"ticket", "policy"},
	},
	"link": {examples: []string{"link", "link ana@company.example", "link off"}, words: []string{"off"}},
	"help": {examples: []string{"help", "help all", "help exclude"}, words: []string{"all"}},
}

// help lists the commands for every day, or all, or explains one.
func (a *act) help(ctx context.Context, args []string) error {
	if len(args) > 0 && !strings.EqualFold(args[0], "all") {
		return a.explain(ctx, command{name: strings.ToLower(args[0])})
	}
	names := everyDay
	more := []Line{{Text: "/escalate help all lists the others; a ? after a command explains it: /escalate exclude ?"}}
	if len(args) > 0 {
		more, names = more[:0], make([]string, len(commands))
		for i, c := range commands {
			names[i] = c.name
		}
	}
	lines := append([]Line{{Head: "What I know"}}, helpLines(names...)...)
	return a.answer(ctx, Answer{Text: "What I know", Lines: append(lines, more...)})
}

// explain shows one command's forms.
func (a *act) explain(ctx context.Context, c command) error {
	lines := usage(c.name)
	if len(lines) == 0 {
		return a.unknown(ctx, c)
	}
	return a.answer(ctx, Answer{Text: lines[0].Head + ": " + lines[0].Text, Lines: lines})
}

// usage is a command's form with its examples; nil when there is no such command.
func usage(name string) []Line {
	lines := helpLines(name)
	if len(lines) == 0 {
		return nil
	}
	for _, e := range manual[name].examples {
		lines = append(lines, Line{Text: "/escalate " + e, Code: true})
	}
	return lines
}

func helpLines(names ...string) []Line {
	var lines []Line
	for _, c := range commands {
		if slices.Contains(names, c.name) {
			lines = append(lines, Line{Head: "/escalate " + c.form, Text: c.does})
		}
	}
	return lines
}

// unknown answers a command that there is none of.
func (a *act) unknown(ctx context.Context, c command) error {
	near := nearest(c.name)
	if near == "" {
		return a.say(ctx, "I do not know %q. /escalate help lists what I know.", c.name)
	}
	meant := command{name: near, args: c.args}
	right, err := a.putRight(ctx, meant)
	if err != nil {
		return err
	}
	if right == "" {
		right = meant.words()
	}
	return a.say(ctx, "I do not know %q. Did you mean /escalate %s?", c.name, right)
}

// misread answers a command with words that make no sense after it: why, what was meant, and the right forms.
func (a *act) misread(ctx context.Context, format string, args ...any) error {
	c := parseCommand(a.press.Fields["text"])
	right, err := a.putRight(ctx, c)
	if err != nil {
		return err
	}
	text := fmt.Sprintf(format, args...)
	if right != "" {
		text += fmt.Sprintf(" Did you mean /escalate %s?", right)
	}
	return a.answer(ctx, Answer{Text: text, Lines: append([]Line{{Text: text}}, usage(c.name)...)})
}

// words is the command as it is typed.
func (c command) words() string { return strings.Join(append([]string{c.name}, c.args...), " ") }

// longestTopic is how many words of what was typed are compared with a topic.
const longestTopic = 4

// putRight is a command with each mistyped word as it was most likely meant; "" when none is.
func (a *act) putRight(ctx context.Context, c command) (string, error) {
	m := manual[c.name]
	known := m.words
	if m.topics {
		topics, err := a.topics(ctx)
		if err != nil {
			return "", err
		}
		known = slices.Concat(topics, known)
	}
	right := command{name: c.name}
	for rest := c.args; len(rest) > 0; {
		word, n := likely(rest, known)
		right.args, rest = append(right.args, word), rest[n:]
	}
	if strings.EqualFold(right.words(), c.words()) {
		return "", nil
	}
	return right.words(), nil
}

// likely is what the next of the words typed were most likely meant to be, and how many of them: a topic may have several.
func likely(typed, known []string) (word string, n int) {
	for n := min(len(typed), longestTopic); n > 0; n-- {
		var long []string // those of as many words
		for _, k := range known {
			if len(strings.Fields(k)) == n {
				long = append(long, k)
			}
		}
		if near := closest(strings.Join(typed[:n], " "), long); near != "" {
			return near, n
		}
	}
	return typed[0], 1
}
