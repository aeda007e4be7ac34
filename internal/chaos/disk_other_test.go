//go:build unix && !linux

package chaos

import (
	"syscall"
	"testing"
)

func inNamespace(t *testing.T) bool { return false }

func bound() *syscall.SysProcAttr { return nil }

func (w *world) mount(string) bool { return false }

func (w *world) spoil() (mend func()) { return func() {} }
