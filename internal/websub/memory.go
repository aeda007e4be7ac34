package websub

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/crieur/crieur/internal/durable"
)

// A memory is what the file says: the tag that each hub was told last, by its
// address and that of the document.
type memory struct {
	Kind string                       `json:"kind"`
	Hubs map[string]map[string]string `json:"hubs"`
}

// memoryKind tells the file from others, and from those of other versions.
const memoryKind = "crieur hubs 1"

// load reads what hubs were told, for the process that has the file to itself. The error says why that is lost.
func load(file string) (map[string]map[string]string, error) {
	durable.Sweep(file)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var m memory
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err == nil && m.Kind != memoryKind {
		err = fmt.Errorf("found the kind %q, want %q", m.Kind, memoryKind)
	}
	if err != nil {
		return nil, fmt.Errorf("what hubs were told cannot be read in %s, so they are told of everything again: %w", file, err)
	}
	return m.Hubs, nil
}

// save writes down what hubs were told since the last time. The file is the old
// one or the new one, whole; where the old one comes back after a crash, hubs are
// told some things again.
func (p *Publisher) save() {
	p.saving.Lock()
	defer p.saving.Unlock()
	if !p.unsaved.Swap(false) {
		return
	}
	m := memory{memoryKind, map[string]map[string]string{}}
	p.mu.Lock()
	for address, h := range p.hubs {
		m.Hubs[address] = h.known()
	}
	p.mu.Unlock()
	err := m.write(p.file)
	p.unsaved.CompareAndSwap(false, err != nil)
	if (err != nil) == p.unkept {
		return
	}
	if p.unkept = err != nil; err != nil {
		err = fmt.Errorf("what hubs were told cannot be kept, so a process that comes after this one tells them again: %w", err)
	}
	p.report("", err)
}

func (m *memory) write(file string) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return durable.Replace(file, data, 0o600)
}
