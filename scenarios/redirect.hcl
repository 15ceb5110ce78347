# Where a magic link leads: a page that the project approves, and no other.

scenario "redirect_target" {
  description = "A link leads where the request says, by either name of the field, else where the project says."
  tags        = ["F22", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
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

  # The step sends the field as URI, the vendor's SDKs do.
  step "descope_magiclink_sign_in" "explicit" {
    login_id     = local.phone
    redirect_url = "${var.redirect_url}?by=uri"
  }

  step "inbox_message" "explicit_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.explicit.started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?by=uri&t=")])
      error_message = "The link must lead to the page of the request and keep its query."
    }
  }

  # The vendor's reference calls the same field redirectUrl.
  step "http_request" "alias" {
    method = "POST"
    url    = "${provider.descope.base_url}/v1/auth/magiclink/signin/sms"
    bearer = provider.descope.project_id
    json   = { loginId = local.phone, redirectUrl = "${var.redirect_url}?by=redirectUrl" }
  }

  step "inbox_message" "alias_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.alias.started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?by=redirectUrl&t=")])
      error_message = "redirectUrl must mean what URI means."
    }
  }

  step "descope_magiclink_sign_in" "omitted" {
    login_id = local.phone
  }

  step "inbox_message" "omitted_text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.omitted.started_at

    extract {
      token = local.token_pattern
    }

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.project_redirect_url}?t=")])
      error_message = "The link must lead to the project's own page."
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.omitted_text.extracted.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id
      error_message = "The link must sign the user in wherever it leads."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}

scenario "redirect_outside_approved" {
  description = "A link that would lead outside the approved domains is never sent."
  tags        = ["N22", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
    host  = regex("^https://([^/]+)/", var.redirect_url)[0]

    addresses = {
      elsewhere = "https://evil.example/verify"
      suffix    = "https://${local.host}.evil.example/verify"
      prefix    = "https://evil-${local.host}/verify"
      user_info = "https://${local.host}@evil.example/verify"
      backslash = "https://evil.example\\@${local.host}/verify"
      in_query  = "https://evil.example/?${local.host}"
      no_scheme = "//evil.example/verify"
      script    = "javascript:location='//evil.example'"
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
    for_each     = toset(["elsewhere", "suffix", "prefix", "user_info", "backslash", "in_query", "no_scheme", "script"])
    login_id     = local.phone
    redirect_url = local.addresses[each.key]

    expect {
      status = "4xx"
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
    after = step.refused["backslash"].started_at

    assert {
      condition     = length(self.links) == 1 && alltrue([for l in self.links : startswith(l, "${var.redirect_url}?t=")])
      error_message = "A refused request sent a message."
    }
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
