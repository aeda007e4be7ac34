// Package packaging has what crieur is installed with: units of systemd, a container file, and deb, which builds the
// Debian package. There is no code in it but tests of these.
package packaging
