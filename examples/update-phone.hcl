# A user signs in, changes their phone number by SMS, and signs in once more by an
# embedded link. The same against an emulator in a process of its own:
#
#   authbench emulate &
#   authbench test examples/update-phone.hcl --target http://127.0.0.1:8787

authbench {
  required_version = ">= 0.1.0"
}

variable "base_url" {
  type        = string
  default     = "emulator"
  description = "The API under test: a URL, or the built-in emulator."
}

variable "project_id" {
  type        = string
  default     = null
  description = "The project under test. The emulator makes one up."
}

variable "management_key" {
  type        = string
  default     = null
  sensitive   = true
  description = "A management key of that project. The emulator makes one up."
}

variable "redirect_url" {
  type        = string
  default     = "https://app.example.test/verify"
  description = "A page in the project's approved domains."
}

provider "descope" {
  base_url       = var.base_url
  project_id     = var.project_id
  management_key = var.management_key

  limits {
    # A live service allows some 100 requests a minute; the emulator all you can send.
    requests_per_second = startswith(var.base_url, "https://") ? 1.5 : null
  }
}

inbox "messages" {
  driver = "emulator"
}

locals {
  token_pattern = "[?&]t=([^&#\\s]+)"
}

scenario "update_phone" {
  description = "A signed-in user changes their number, and is the same user afterwards."
  tags        = ["smoke", "phone"]

  # Unique for each iteration, so that any number of them can run side by side.
  locals {
    login_id  = "authbench-${iteration.uuid}@example.test"
    new_phone = fake_phone(iteration.id % 28800)
  }

  setup {
    step "descope_user_create" "user" {
      login_id       = local.login_id
      email          = local.login_id
      verified_email = true
    }
  }

  # Sign in: the link comes by mail.
  step "descope_magiclink_sign_in" "send" {
    login_id     = local.login_id
    method       = "email"
    redirect_url = var.redirect_url
  }

  step "inbox_message" "mail" {
    inbox = inbox.messages
    to    = local.login_id
    after = step.send.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "signin" {
    token = step.mail.extracted.token
  }

  # Ask for the change: that takes the refresh JWT, and the link goes to the new number.
  step "descope_magiclink_update_phone" "change" {
    login_id     = local.login_id
    phone        = local.new_phone
    refresh_jwt  = step.signin.refresh_jwt
    redirect_url = var.redirect_url
  }

  step "inbox_message" "text" {
    inbox = inbox.messages
    to    = local.new_phone
    after = step.change.started_at

    extract {
      token = local.token_pattern
    }
  }

  step "descope_magiclink_verify" "confirm" {
    token = step.text.extracted.token

    assert {
      condition     = self.user.phone == local.new_phone && self.user.verified_phone
      error_message = "The new number must be stored and verified."
    }
  }

  # The management can sign the user in without a message.
  step "descope_embedded_link" "link" {
    login_id      = local.login_id
    custom_claims = { source = "authbench" }
  }

  step "descope_magiclink_verify" "embedded" {
    token = step.link.token

    assert {
      condition     = self.user.user_id == step.user.user.user_id && self.user.phone == local.new_phone
      error_message = "The link must sign the same user in, with the new number."
    }
  }

  # Runs whatever happened above, if the user was created.
  teardown {
    step "descope_user_delete" "cleanup" {
      user_id = step.user.user.user_id
    }
  }
}
