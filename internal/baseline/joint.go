package baseline

import "encoding/json"

// UnmarshalJSON also reads the key joint, which transaction was called before the
// first release.
func (f *Figure) UnmarshalJSON(text []byte) error {
	type plain Figure
	read := struct {
		*plain
		Joint bool `json:"joint"`
	}{plain: (*plain)(f)}
	err := json.Unmarshal(text, &read)
	f.Transaction = f.Transaction || read.Joint
	return err
}

// UnmarshalJSON also reads the key joint, as that of Figure does.
func (a *Asked) UnmarshalJSON(text []byte) error {
	type plain Asked
	read := struct {
		*plain
		Joint bool `json:"joint"`
	}{plain: (*plain)(a)}
	err := json.Unmarshal(text, &read)
	a.Transaction = a.Transaction || read.Joint
	return err
}
