// Package feeds writes lists of articles as RSS 2.0, Atom 1.0 and JSON Feed 1.1.
package feeds
