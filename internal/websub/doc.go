// Package websub tells WebSub hubs which documents have changed, so that readers
// who subscribe there get to know at once (W3C Recommendation WebSub, section 6,
// which leaves to publisher and hub how that is said).
//
// What every hub in use takes is one POST for each document, a form with
// hub.mode=publish and the document's address as hub.url, as PubSubHubbub had it
// (Google's hub, Superfeedr), and as hub.topic (Switchboard, WebSubHub). Lists of
// addresses are written in three ways, of which each hub knows one, so none is used.
//
// A hub is told of a document when its entity tag is another than the one it was
// told last, or it was told of none. That is written down after the hub has taken
// it, so that a process which ends in between, at any moment, has the hub told
// twice, and never not at all.
//
// Hubs are others' machines, and may be slow, dead, or not what they were: each is
// spoken to on its own, one document after the other; nothing waits for it, no redirect
// is followed, and nothing of an answer counts but its status and Retry-After.
// What it cannot take now waits, as the latest tag of each document: how much that
// is does not grow with time.
package websub
