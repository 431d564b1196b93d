package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What follows the time before and after the deadline, in a stage as it is written down.
const (
	left = " left"
	late = " late"
)

// ParseStage reads a stage as String writes it: "0.8" and "80%" are a share of the time, "30m left" is what is left of it, and "1h late",
// or "+1h", is what has passed since the deadline.
func ParseStage(s string) (Stage, error) {
	text := strings.TrimSpace(s)
	if span, ok := strings.CutPrefix(text, "+"); ok {
		text = span + late
	}
	for _, end := range []string{left, late} {
		span, ok := strings.CutSuffix(text, end)
		if !ok {
			continue
		}
		d, err := time.ParseDuration(strings.TrimSpace(span))
		switch {
		case err != nil || d <= 0:
			return Stage{}, fmt.Errorf("%q is no time; write one such as 30m left or 1h late", s)
		case end == late:
			return Stage{Late: d}, nil
		}
		return Stage{Left: d}, nil
	}
	number, percent := strings.CutSuffix(text, "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		share /= 100
	}
	stage := Stage{Share: share}
	if err != nil || !(share > 0) || stage.Validate() != nil {
		return Stage{}, fmt.Errorf("%q is no stage; write a share of the time such as 0.8, 1 for all of it, 30m left or 1h late", s)
	}
	return stage, nil
}

// String writes the stage as 0.8, 30m left or 1h late; "" for the zero value.
func (s Stage) String() string {
	switch {
	case s.Share != 0:
		return strconv.FormatFloat(s.Share, 'g', -1, 64)
	case s.Left != 0:
		return shortly(s.Left) + left
	case s.Late != 0:
		return shortly(s.Late) + late
	}
	return ""
}

// shortly writes a duration without the zero minutes and seconds at its end.
func shortly(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-len(zero)+1]
		}
	}
	return text
}

// MarshalText writes the stage for JSON.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote, and what ParseStage reads.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*s = Stage{}
		return nil
	}
	*s, err = ParseStage(string(text))
	return err
}

// MarshalYAML writes a share as a number, which needs no quotes.
func (s Stage) MarshalYAML() (any, error) {
	if s.Share != 0 {
		return s.Share, nil
	}
	return s.String(), nil
}
