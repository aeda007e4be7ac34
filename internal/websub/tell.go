package websub

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	patience = 30 * time.Second // with which a hub is waited for
	longest  = 24 * time.Hour   // that it may ask to be left alone
)

// A busyError is that of a hub that can be told nothing now. Others are of one
// document.
type busyError struct {
	err  error
	wait time.Duration // that it asks for
}

func (e *busyError) Error() string { return e.err.Error() }
func (e *busyError) Unwrap() error { return e.err }

// tell tells the hub that a document has changed.
func (h *hub) tell(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	form := url.Values{"hub.mode": {"publish"}, "hub.url": {address}, "hub.topic": {address}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.address, strings.NewReader(form.Encode()))
	if err != nil {
		return &busyError{err: err}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "crieur")
	answer, err := h.publisher.transport().RoundTrip(r) // which follows no redirects
	if err != nil {
		return &busyError{err: err}
	}
	io.CopyN(io.Discard, answer.Body, 4<<10) // so that its connection can be used again
	answer.Body.Close()
	if answer.StatusCode/100 == 2 {
		return nil
	}
	err = fmt.Errorf("it answers %s for %s", status(answer.StatusCode), address)
	wait, asked := retryAfter(answer.Header.Get("Retry-After"), time.Now())
	switch answer.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		asked = true
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		err = fmt.Errorf("it answers %s, to %.100q: give that address if it is right, since redirects are not followed", status(answer.StatusCode), answer.Header.Get("Location"))
		asked = true
	}
	if asked {
		return &busyError{err, wait}
	}
	return err
}

// status is a status code in words of ours.
func status(code int) string {
	return strings.TrimSpace(strconv.Itoa(code) + " " + http.StatusText(code))
}

// retryAfter reads how long a Retry-After asks to wait: seconds, or a date
// (RFC 9110, section 10.2.3).
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if value == "" {
		return 0, false
	}
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longest), true
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(0, date.Sub(now)), longest), true
	}
	return 0, false
}
