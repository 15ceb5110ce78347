provider "descope" {
  base_url = "emulator"
}

inbox "sms" {}

scenario "patterns" {
  step "descope_otp_sign_up_or_in" "send" {
    login_id = "+12025550100"
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = "+12025550100"
    after = step.send.started_at

    extract { # ERROR: Invalid argument + Invalid argument
      open = "(["
      none = "[0-9]{6}"
      good = "([0-9]{6})"
    }
  }
}
