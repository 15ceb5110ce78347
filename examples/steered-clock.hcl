# A link that dies when it should: the emulator's clock is moved, so nobody waits. Steps
# that steer the emulator run nowhere else.
#
#   authbench test examples/steered-clock.hcl

provider "descope" {
  base_url = "emulator"

  emulator {
    magic_link {
      expiration_time = "5m"
    }
  }
}

inbox "sms" {
  driver = "emulator"
}

scenario "link_expires" {
  description = "A link of five minutes works after four and not after five."
  serial      = "clock" # it is everybody's

  locals {
    phone = fake_phone(iteration.id % 28800)
  }

  step "descope_magiclink_sign_up_or_in" "first" {
    login_id = local.phone
  }

  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.first.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "emulator_clock" "four_minutes_later" {
    advance = "4m"
  }

  step "descope_magiclink_verify" "in_time" {
    token = step.first_text.extracted.token
  }

  step "descope_magiclink_sign_up_or_in" "second" {
    login_id = local.phone
  }

  step "inbox_message" "second_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.second.started_at

    extract {
      token = "[?&]t=([^&#\\s]+)"
    }
  }

  step "emulator_clock" "five_minutes_later" {
    advance = "5m"
  }

  step "descope_magiclink_verify" "too_late" {
    token = step.second_text.extracted.token

    expect {
      error_code = "E062504"
    }
  }
}
