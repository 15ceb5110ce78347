# What stands in the Authorization header.

scenario "bearer_malformed" {
  description = "A request without a proper bearer is refused with 401 and sends nothing."
  tags        = ["N16", "T", "E"]

  locals {
    phone   = fake_phone(iteration.id % local.phones)
    project = provider.descope.project_id

    bearers = {
      none            = ""
      unknown_project = "P0000000000000000000000000000"
      no_project      = ":garbage"
      nothing_after   = "${local.project}:"
      garbage         = "${local.project}:garbage"
      spaces          = "${local.project} garbage"
      four_parts      = "${local.project}:a:b:c"
    }

    # The step kinds write a proper header; these ones are written by hand.
    headers = {
      lower_case_scheme = ["bearer ${local.project}"]
      no_scheme         = [local.project]
      two_headers       = ["Bearer ${local.project}", "Bearer ${local.project}"]
    }
  }

  setup {
    step "descope_embedded_link_sign_up" "invite" {
      login_id       = local.phone
      phone_verified = true
    }

    step "descope_magiclink_verify" "user" {
      token = step.invite.token
    }
  }

  step "descope_magiclink_sign_in" "refused" {
    for_each     = toset(["none", "unknown_project", "no_project", "nothing_after", "garbage", "spaces", "four_parts"])
    login_id     = local.phone
    redirect_url = "${var.redirect_url}?refused=yes"
    bearer       = local.bearers[each.key]

    expect {
      status = 401
    }
  }

  step "http_request" "refused_too" {
    for_each = toset(["lower_case_scheme", "no_scheme", "two_headers"])
    method   = "POST"
    url      = "${provider.descope.base_url}/v1/auth/magiclink/signin/sms"
    headers  = { Authorization = local.headers[each.key] }
    json     = { loginId = local.phone, redirectUrl = "${var.redirect_url}?refused=yes" }

    expect {
      status = 401
    }
  }

  step "descope_magiclink_sign_in" "allowed" {
    login_id     = local.phone
    redirect_url = var.redirect_url
  }

  # The first message since the first refused request: none of them sent one.
  step "inbox_message" "first_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.refused["four_parts"].started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "A request with a malformed bearer sent a message."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
