package llm

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a key. However it is printed, logged or encoded, it shows as "[redacted]".
type Secret string

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return redacted }

// Format implements fmt.Formatter, so that no verb shows the key.
func (Secret) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(redacted)) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText implements encoding.TextUnmarshaler, so that flags and files can set it.
func (s *Secret) UnmarshalText(b []byte) error {
	*s = Secret(b)
	return nil
}
