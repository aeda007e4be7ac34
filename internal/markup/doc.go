// Package markup turns the texts that people write, in Markdown, HTML or nothing at all, into safe HTML for feeds and pages
// and into plain text for calendars.
//
// # How
//
// Every body takes the same way. Its source is cleaned and what template languages left is taken out; HTML is parsed into a tree, and of
// Markdown and plain text such a tree is built, by way of HTML in writing only where there is some in the Markdown; addresses are made
// absolute in the tree. Then it is read out as plain text, or written as HTML and sanitised, always last, unless it was built here and holds
// nothing that the sanitiser looks at. So both say the same, and a [Document] gives both for one reading.
//
// # What is decided here
//
//   - Text in plain form has no marks for emphasis; text that is struck out is left out, since a programme that says
//     "14h 15h" misleads; frames become links; images say their alternative text unless it is a file's name or says that the image
//     is decorative.
//   - What is safe is a list of elements and attributes. Of other elements the content stays, blocks as a section or a list;
//     scripts, styles, fields and buttons go whole, and so does what the page itself hides.
//   - Identifiers, classes and styles are taken out: several bodies stand on one page, and it is not theirs.
//   - Addresses are resolved against the record's page, whatever <base> a body has. Each attribute that holds one is absolute
//     or goes: href, src, srcset, cite and poster stay, those of styles and drawings do not.
//   - An image that is its own address (data:) is left out and its alternative text stays, as for any that cannot be had: it
//     would be most of a feed's bytes, and some readers drop it. Where a script was to load the image, its address is the one meant.
//   - Drawings (SVG) and formulas (MathML) leave their name or text. HTML in XML in HTML is where parsers disagree.
//   - What is rendered reads the same again: its tree, written once more, has the same bytes.
//   - Bodies that the converter would need too long for are refused with [ErrTooComplex], by counting.
//
// All functions may be called at once, and the same input gives the same output everywhere.
package markup
