//go:build !linux

package watch

func (m *monkey) pipe(string) error { return nil }
