provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  description = "unfinished # ERROR: Invalid multi-line string + Unterminated template string
