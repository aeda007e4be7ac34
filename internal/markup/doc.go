// Package markup turns the texts that people write, in Markdown, HTML or nothing at all, into safe HTML for feeds and pages
// and into plain text for calendars.
//
// # How
//
// Every body takes the same way. Its source is cleaned and what template languages left is taken out; Markdown and plain
// text become HTML; the HTML is parsed into a tree; addresses are made absolute in the tree. Then the tree is either
// written as HTML and sanitised, always last, or read out as plain text. So both say the same.
//
// # What is decided here
//
//   - Text in plain form has no marks for emphasis; text that is struck out is left out, since a programme that says
//     "14h 15h" misleads; frames become links; images say their alternative text unless it is a file's name or says that the image
//     is decorative.
//   - Identifiers and classes are taken out: several bodies stand on one page.
//   - Bodies that the converter would need too long for are refused with [ErrTooComplex], by counting.
//
// All functions may be called at once, and the same input gives the same output everywhere.
package markup
