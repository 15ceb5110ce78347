inbox "sms" { # ERROR: Missing provider
}

scenario "x" {
  step "descope_me" "me" { # ERROR: Missing provider
  }
}
