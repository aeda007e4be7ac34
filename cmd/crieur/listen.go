package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/coreos/go-systemd/v22/activation"
)

// sockets are what a serve command listens on.
type sockets struct {
	public []net.Listener
	admin  []net.Listener
	plain  []net.Listener // without TLS, where readers are sent to where it is
	passed bool           // public was, by the service manager
}

// adminName is that of the sockets which are passed for the admin address
// (FileDescriptorName= of a systemd socket).
const adminName = "admin"

// listen takes the sockets that the service manager passed, and opens those
// that it did not.
func (o *options) listen() (s sockets, err error) {
	defer func() {
		if err != nil {
			s.close()
			for _, l := range s.admin {
				l.Close()
			}
		}
	}()
	for _, f := range activation.Files(true) {
		l, err := net.FileListener(f)
		f.Close()
		if err != nil {
			return s, fmt.Errorf("what the service manager passed as %s is no socket to listen on: %w", f.Name(), err)
		}
		if f.Name() == adminName {
			s.admin = append(s.admin, l)
		} else {
			s.public = append(s.public, l)
		}
	}
	s.passed = len(s.public) > 0
	if !s.passed {
		l, err := open(o.addr)
		if err != nil {
			return s, fmt.Errorf("cannot listen on %s: %w; give another address with -addr, such as -addr :8081", o.addr, err)
		}
		s.public = append(s.public, l)
	}
	if len(s.admin) == 0 && o.admin != "" {
		l, err := open(o.admin)
		if err != nil {
			return s, fmt.Errorf("cannot listen on %s: %w; give another address with -admin, such as -admin localhost:8081", o.admin, err)
		}
		s.admin = append(s.admin, l)
	}
	if o.redirect != "" {
		l, err := open(o.redirect)
		if err != nil {
			return s, fmt.Errorf("cannot listen on %s: %w; give another address with -redirect", o.redirect, err)
		}
		s.plain = append(s.plain, l)
	}
	return s, nil
}

// close ends listening, but for administrators, who have a server that does.
func (s *sockets) close() {
	for _, l := range slices.Concat(s.public, s.plain) {
		l.Close()
	}
}

// open listens on host:port, or on unix:/path, where a socket that nobody
// listens on any more is replaced.
func open(address string) (net.Listener, error) {
	name, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		return net.Listen("tcp", address)
	}
	if c, err := net.Dial("unix", name); err == nil {
		c.Close()
		return nil, errors.New("another process listens there")
	} else if errors.Is(err, syscall.ECONNREFUSED) {
		if info, err := os.Lstat(name); err == nil && info.Mode().Type() == fs.ModeSocket {
			os.Remove(name)
		}
	}
	l, err := net.Listen("unix", name)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(name, 0o660); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// exposed reports whether others than this machine reach a listener.
func exposed(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && !a.IP.IsLoopback()
}
