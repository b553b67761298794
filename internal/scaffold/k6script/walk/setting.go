package walk

import "time"

// Setting is a part of the options of a script. The zero value is none.
type Setting struct {
	script *Script
	v      value
}

// Options are those of the script.
func (s *Script) Options() Setting { return Setting{s, s.exports["options"]} }

// Keys are those of an object, in their order.
func (s Setting) Keys() []string {
	if o, ok := s.v.(*object); ok {
		return o.keys
	}
	return nil
}

// IsObject says whether a setting has keys.
func (s Setting) IsObject() bool {
	_, ok := s.v.(*object)
	return ok
}

// Get is the setting of a key.
func (s Setting) Get(key string) Setting { return Setting{s.script, get(s.v, key)} }

// Items are those of a list; ok is false where it is none.
func (s Setting) Items() (all []Setting, ok bool) {
	list, ok := s.v.(*array)
	if !ok {
		return nil, false
	}
	for _, v := range list.items {
		all = append(all, Setting{s.script, v})
	}
	return all, true
}

// Text is a text that is known; empty: it is not.
func (s Setting) Text() string {
	text, _ := known(s.v)
	return text
}

// Number is a number. A variable of the environment has its default.
func (s Setting) Number() (float64, bool) {
	if s.script == nil {
		return 0, false
	}
	f, ok := toNumber(s.script, s.v).(float64)
	return f, ok && f == f && f < 1e12
}

// Duration is a time as k6 writes it: 1m30s, or milliseconds.
func (s Setting) Duration() (time.Duration, bool) {
	if f, ok := s.v.(float64); ok {
		return time.Duration(f * float64(time.Millisecond)), f >= 0 && f < 1e10
	}
	written, ok := known(s.v)
	if t, is := s.v.(text); is && !ok && len(t.parts) == 1 && t.parts[0].Otherwise != nil {
		s.script.Look(t.parts[0].Env + " is a time of the script's environment: here it has its default")
		written = *t.parts[0].Otherwise
	}
	d, err := time.ParseDuration(written)
	return d, err == nil && d >= 0
}
