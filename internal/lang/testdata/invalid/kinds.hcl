provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  step "descope_magiclink_singup" "a" { # ERROR: Unknown step kind
    whatever = 1
  }

  step "magiclink_verify" "b" {} # ERROR: Unknown step kind

  step "zzzzzzzz" "c" {} # ERROR: Unknown step kind

  step "descope_me" "me" {
    refresh_jwt = step.a.refresh_jwt
  }
}
