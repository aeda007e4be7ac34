// Package interop asks programs that other people wrote what they make of
// the documents of a site: calendar libraries and programs for every .ics,
// feed readers for every feed, a browser for the pages, curl for the server, with
// nginx in front of it, and wrk for its speed. It holds tests alone.
//
// The tests compare values, not acceptance: what a reader understands of each
// event and each entry is what stood in the content. A difference that is the
// reader's own is listed in the test, with its reason, and the list is held
// both ways: a difference that is gone must leave it.
//
// TestSubscribers has programs subscribe to what the command serves, while the
// content is edited, and looks at what they hold then, and at what it took.
//
// Each reader is a Debian package. One that is not installed skips its test,
// which names the package; where the environment says CI=true nothing is
// skipped, and a missing reader is a failure, unless Debian does not have it
// at all, as ical.js and what drives the browser that opens the pages. The
// scripts that make the readers speak are in testdata: each takes file names and
// prints what was read from each as a JSON object a line.
package interop
