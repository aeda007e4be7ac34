// Package chaos runs the program itself while everything around it goes wrong,
// and checks all that its readers see. It holds tests alone.
//
// In each round, writers edit, move, delete, break and mend files in the manner of
// vim, VS Code, emacs and rsync; and one thing happens to the process or to its disks: it
// is killed at any instant and started again, told to stop, relieved by another,
// confronted with a second one; its disk is full, read-only, or forbidden; its content
// is gone for a while, its configuration broken.
//
// All the while, readers ask for every document, whole, compressed, by conditions and
// by ranges, and others read the folder. Of each answer they check that it is complete
// and well formed, that its tag never stood for other bytes, that its date and the
// SEQUENCE of its events do not go back, that no event is in a calendar twice, that no
// record has had another identity, and that what was published is there. No request
// may fail, unless the process was killed under it.
//
// A secret channel is among what is published. Who knows its address reads it as
// all else; a word that is in each of its records, and its token, are in no answer to
// anybody else, in no log, in nothing that the process tells of itself, and in no
// file that other users may read.
//
// Every few rounds the writers rest. Then what is served and what is in the folder
// must be what a build of the same content with a copy of the history gives, show
// each file as it was last good, and have nothing beside it.
//
// A few seconds of this are part of go test ./... . The long form is
//
//	go test ./internal/chaos -rounds 10000 -pace 20ms -timeout 0 -v
//
// and what it finds is looked for again with the same -seed, though processes and disks
// keep their own time. Disks fail in a user namespace (Linux); where there are none,
// that part is left out, and said to be.
//
// TestWeek has nothing go wrong, and much change: it weighs the process, its state and
// what it publishes after half of the changes and after all of them.
package chaos
