provider "descope" {
  base_url = "emulator"
}

provider "descope" {
  alias    = "short"
  base_url = "emulator"

  emulator {
    otp {
      expiration_time = "200ms"
    }
  }
}

inbox "short" {
  provider = descope.short
}

scenario "each" {
  for_each = { a = { n = 1 }, b = { n = 2 } }
  tags     = ["t-${each.key}"]

  step "descope_otp_sign_up" "send" {
    for_each = toset(["sms", "email"])
    provider = descope.short
    login_id = fake_phone(iteration.id)
    method   = each.key
    when     = each.key != "email"
  }

  step "inbox_message" "code" {
    inbox = inbox.short
    to    = step.send["sms"].login_id
    after = step.send["sms"].started_at

    extract {
      code = "([0-9]{6})"
    }
  }

  step "descope_otp_verify" "verify" {
    provider = descope.short
    login_id = step.send["sms"].login_id
    code     = step.code.extracted.code

    poll {
      until    = self.ok
      interval = "100ms"
      timeout  = "1s"
    }
  }
}

scenario "none" {
  for_each = toset([])

  step "descope_me" "me" {
    refresh_jwt = each.key
  }
}
