// Package bucket publishes a [crieur.Site] to a bucket of any object store that
// speaks the protocol of Amazon's S3: AWS, MinIO, SeaweedFS, Ceph, OVHcloud,
// Outscale, Scaleway. With a CDN in front, a site outgrows one machine so.
//
// # What is stored
//
// Every document is an object of its own, under the prefix and its name in the
// site, with the media type, Cache-Control and Content-Disposition that
// [crieur.Server] answers with. The metadata field
// x-amz-meta-crieur says by which bytes and which fields it was stored.
//
// Objects hold the document itself, never a compressed form. An object has one
// encoding for all who ask, and there are calendar clients that ask without an
// Accept-Encoding and do not decompress; a CDN compresses for those that can.
//
// The object .crieur.json lists what was stored, as the file of that name does in
// a folder, so that a copy of the bucket is a folder that [crieur.Publisher] knows
// as its own. Whoever can read it, or list the bucket, knows the name of every document.
//
// # What holds at every moment
//
// An object is replaced by one request, and is the old or the new one. Documents
// come before those that lead to them (see [crieur.Site.Stages]), and what the site
// no longer has is removed last. Before anything is changed, the list says what will
// be: whoever goes on after a process that ended, at any request, knows which
// objects to look at, and which are crieur's own. An object that is not is neither
// replaced nor removed.
//
// Each request to write carries what it expects to find (If-Match, If-None-Match),
// the list's included, so that of two processes that publish to one place, each sees
// that the other did: it gives up with [ErrOther] and begins again with what there is
// now. DELETE has no such condition in most stores: the object is looked at just before.
// Ceph, and what is made of it, refuses the right tag if it has quotes, as the standard
// wants it: the tag is given without them to a store that was seen to take it only so.
// A store that knows no conditions, which [Publisher.Blind] tells, needs one writer
// at a time; there too, what is foreign is looked for before anything is written.
//
// A request of a process that has ended may still be carried out. The conditions hold
// it off, but for DELETE; what it may remove is back after the next [Publisher.Check].
//
// When nothing has changed, one request tells so, however many objects there are.
//
// # The client
//
// minio-go is one of two clients that are kept, the other being aws-sdk-go-v2. Both
// are under the Apache License 2.0. It sends a document as one PUT with its hash in
// the header and its length, which every store takes; the SDK, since 2025, adds
// checksums in a trailer unless it is told not to, which several stores refuse
// (aws-sdk-go-v2 issue 2960 and those that refer to it). It addresses other stores than
// Amazon's by path without being told, sends conditions with PUT, finds the region
// of a bucket, and reads credentials from the files and the services of the machine as the
// SDK does. It brings 16 modules that the library does not have. The server of the same makers is kept no more; the
// client is.
package bucket
