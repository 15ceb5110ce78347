# Magic links by SMS: sign-up, sign-in, and both in one call.

scenario "magiclink_sign_up" {
  description = "A new user signs up by a link and is known and verified from then on."
  tags        = ["F01", "T", "E"]

  locals {
    phone = fake_phone(iteration.id % local.phones)
  }

  step "descope_magiclink_sign_up" "send" {
    login_id     = local.phone
    user         = { name = "Ada Lovelace" }
    redirect_url = var.redirect_url

    # How a number is masked differs between services; that most of it is hidden and
    # its end is shown does not.
    assert {
      condition     = endswith(self.masked_phone, substr(local.phone, -2, 2)) && length(regexall("[0-9]", self.masked_phone)) <= 6
      error_message = "masked_phone ${self.masked_phone} must show the end of the number and hide most of it."
    }
  }

  step "inbox_message" "text" {
    inbox = inbox.sms
    to    = local.phone
    after = step.send.started_at

    extract {
      token = local.token_pattern
    }

    assert {
      condition     = length(self.links) == 1 && startswith(self.links[0], "${var.redirect_url}?")
      error_message = "The message must hold one link, and it must lead to redirect_url."
    }

    assert {
      condition     = length(regexall("[?&]t=", self.body)) == 1
      error_message = "The link must have exactly one parameter t."
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.first_seen && self.user.verified_phone && self.user.login_ids == tolist([local.phone])
      error_message = "Verifying the link must make a user of this one login ID, seen for the first time, with a verified phone."
    }

    assert {
      condition     = self.user.name == "Ada Lovelace"
      error_message = "What the sign-up said about the user must be kept."
    }

    assert {
      condition     = self.claims.sub == self.user.user_id && jwtdecode(self.refresh_jwt).claims.sub == self.user.user_id
      error_message = "Both tokens must be the user's."
    }
  }

  step "descope_session_validate" "session" {
    session_jwt = step.confirm.session_jwt
  }

  teardown {
    step "descope_user_delete" "user" {
      user_id = step.confirm.user.user_id
    }
  }
}
