// Package calendar writes calendars of events as iCalendar (RFC 5545, RFC 7986), for subscriptions that stay right.
package calendar
