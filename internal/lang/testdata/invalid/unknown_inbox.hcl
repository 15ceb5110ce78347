provider "descope" {
  base_url = "emulator"
}

inbox "sms" {
  driver = "emulater" # ERROR: Unknown driver
}

inbox "mail" {
  url = "not a url" # ERROR: Invalid value
}

inbox "other" {
  provider = descope.nope # ERROR: Undeclared provider
}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  step "inbox_message" "text" {
    inbox = inbox.sns # ERROR: Undeclared inbox
    to    = "a"
    after = step.send.started_at
  }

  step "inbox_message" "quoted" {
    inbox = "sms"                  # ERROR: Invalid inbox reference
    to    = inbox.sms              # ERROR: Invalid reference
    after = "2026-01-01T00:00:00Z" # ERROR: Invalid reference in after
  }

  # ERROR: Missing required argument + Missing required argument
  step "inbox_message" "none" {
    to = "a"
  }

  step "inbox_message" "result" {
    inbox = inbox.sms
    to    = "a"
    after = step.send.login_id # ERROR: Invalid reference in after
  }
}
