package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// topicsWithin is the time of which topics shows the volume.
const topicsWithin = 30 * 24 * time.Hour

// topicList shows every topic: how much there is, its rung, its line, its promise and what backs it, and whether it is paused.
func (a *act) topicList(ctx context.Context) error {
	counts, err := a.tx.TopicCounts(ctx, a.tx.Now().Add(-topicsWithin))
	if err != nil {
		return err
	}
	volume := map[string]TopicCount{}
	for _, c := range counts {
		volume[c.Topic] = c
	}
	pauses, err := a.tx.Pauses(ctx)
	if err != nil {
		return fmt.Errorf("load pauses: %w", err)
	}
	topics, err := a.topics(ctx)
	if err != nil {
		return err
	}
	if len(topics) == 0 {
		return a.say(ctx, "There are no topics yet: they come with the first tickets.")
	}
	var lines []Line
	for _, topic := range topics {
		st, err := a.standing(ctx, a.policy, topic)
		if err != nil {
			return err
		}
		lines = append(lines, st.topicLine(volume[topic], pauses[topic]))
	}
	title := escalate.Counted(len(topics), "topic", "topics")
	ans := Answer{Text: title, Lines: []Line{{Head: title}}}
	if by, ok := pauses[""]; ok {
		ans.Lines = append(ans.Lines, Line{Head: "Paused", Text: "everything by " + by})
	}
	ans.Lines = append(ans.Lines, atMost(lines)...)
	return a.answer(ctx, ans)
}

// topicLine is a topic in one line; pausedBy is "" when it is not paused.
func (s *standing) topicLine(c TopicCount, pausedBy string) Line {
	words := []string{
		fmt.Sprintf("%d in 30 days: answered %d, drafted %d, to people %d", c.Tickets, c.Auto, c.Draft, c.Escalate), s.rung(),
	}
	if proof := s.proof(); proof != "" {
		words = append(words, proof)
	}
	if pausedBy != "" {
		words = append(words, "paused by "+pausedBy)
	}
	return Line{Head: s.topic, Text: strings.Join(words, " · ")}
}
