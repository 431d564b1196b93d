package queue

import "time"

// Slots calls yield with the label and the instant of every slot of a schedule after an instant, until it returns false.
func Slots(spec, zone string, from time.Time, yield func(label string, at time.Time) bool) error {
	s, err := parseSchedule(spec, zone)
	if err != nil {
		return err
	}
	for slot, at, ok := s.first(from); ok && yield(label(slot), at); {
		slot, at, ok = s.after(slot)
	}
	return nil
}

// LastSlot returns the label of the latest slot before an instant, counted from the first one after another.
func LastSlot(spec, zone string, from, before time.Time) (string, error) {
	s, err := parseSchedule(spec, zone)
	if err != nil {
		return "", err
	}
	slot, at, _ := s.first(from)
	slot, _ = s.last(slot, at, before)
	return label(slot), nil
}
