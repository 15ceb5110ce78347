provider "descope" {
  base_url = "emulator"
}

inbox "sms" {}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = "a"
    after = step.send.started_at

    extract { # ERROR: Invalid argument
      token = "no group"
      other = [1] # ERROR: Incorrect value type
      inner {}    # ERROR: Unsupported block
    }
  }

  step "http_request" "both" {
    url  = "http://127.0.0.1/"
    body = "x" # ERROR: Invalid argument
    json = { a = 1 }
  }

  step "descope_otp_sign_up" "options" {
    login_id = null   # ERROR: Missing required argument
    login_options = { # ERROR: Invalid argument
      stepup_ = true
    }
  }
}
