# The shipped suite: how passwordless sign-in has to behave, one file for each family.
# It runs at once, offline, on the built-in emulator:
#
#   authbench test scenarios
#
# README.md lists the scenarios and what each one sends.

authbench {
  required_version = ">= 0.1.0"
}

variable "base_url" {
  type        = string
  default     = "emulator"
  description = "The API under test. Set this one, not --target, for a live project: its pace depends on it."
}

variable "project_id" {
  type        = string
  default     = null
  description = "The project under test. An emulator makes one up."
}

variable "management_key" {
  type        = string
  default     = null
  sensitive   = true
  description = "A management key of that project. An emulator makes one up."
}

variable "redirect_url" {
  type        = string
  default     = "https://app.example.test/verify"
  description = "A page in the project's approved domains, without a query."

  validation {
    condition     = can(regex("^https://[^/?#]+/[^?#]*$", var.redirect_url))
    error_message = "redirect_url must be an https address with a path and without a query."
  }
}

variable "project_redirect_url" {
  type        = string
  default     = "https://app.example.test/welcome"
  description = "The page that the project's own settings send a link to. The emulator is set to it."
}

locals {
  live = startswith(var.base_url, "https://")

  # What a message is searched for: the token of a link, a code of six digits.
  token_pattern = "[?&]t=([^&#\\s]+)"
  code_pattern  = "\\b([0-9]{6})\\b"

  # fake_phone knows 28,800 numbers that are kept for fiction. Each iteration has two
  # of them, one from each half, so that no two that run at the same time share one.
  phones = 14400

  # Wrong codes that a one-time code survives.
  otp_attempts = 5

  session_lifetime = "10m"

  # What a link and a code live in the third project, in seconds. They differ, so that
  # none can have the lifetime of the other.
  link_lifetime = 240
  code_lifetime = 180
}

provider "descope" {
  base_url       = var.base_url
  project_id     = var.project_id
  management_key = var.management_key

  # A live service allows some 100 requests a minute from one address.
  limits {
    requests_per_second = local.live ? 1.5 : null
    burst               = local.live ? 3 : null
    max_messages        = local.live ? 100 : null
  }

  emulator {
    approved_domains         = ["app.example.test"]
    session_token_expiration = local.session_lifetime

    otp {
      attempts = local.otp_attempts
    }

    magic_link {
      redirect_url = var.project_redirect_url
    }
  }
}

# A second project of the same emulator, in which everything expires at once: waiting
# for an expiry then takes a moment. Its tokens are foreign to the first project. No
# scenario uses it against a live service.
provider "descope" {
  alias          = "short"
  base_url       = var.base_url
  project_id     = local.live ? var.project_id : null
  management_key = local.live ? var.management_key : null

  limits {
    requests_per_second = local.live ? 1.5 : null
  }

  emulator {
    session_token_expiration = "1s"

    otp {
      expiration_time = "200ms"
    }

    magic_link {
      expiration_time = "200ms"
    }

    embedded_link {
      expiration_time = "200ms"
    }
  }
}

# A third project whose clock, faults and deliveries scenarios move. They take turns:
# serial = "steered". Nothing that was sent before may be seen by the next one, so each
# begins with emulator_reset.
provider "descope" {
  alias          = "steered"
  base_url       = var.base_url
  project_id     = local.live ? var.project_id : null
  management_key = local.live ? var.management_key : null

  limits {
    requests_per_second = local.live ? 1.5 : null
  }

  emulator {
    otp {
      expiration_time = "${local.code_lifetime}s"
    }

    magic_link {
      expiration_time = "${local.link_lifetime}s"
    }
  }
}

# A fourth project with limits that are soon reached. Its scenarios take turns as well:
# serial = "limited".
provider "descope" {
  alias          = "limited"
  base_url       = var.base_url
  project_id     = local.live ? var.project_id : null
  management_key = local.live ? var.management_key : null

  limits {
    requests_per_second = local.live ? 1.5 : null
  }

  emulator {
    rate_limit = "custom"

    limit "sign_in" {
      by       = "project"
      requests = 5
      window   = "1m"
      routes   = ["/v1/auth/magiclink/signin/*"]
    }

    limit "recipient" {
      by       = "recipient"
      requests = 3
      window   = "10m"
      routes   = ["/v1/auth/otp/*"]
    }

    otp {
      attempts        = 2
      window_attempts = 3
      attempts_window = "10m"
    }
  }
}

inbox "sms" {
  driver = "emulator"
}

inbox "steered_sms" {
  driver   = "emulator"
  provider = descope.steered
}

inbox "limited_sms" {
  driver   = "emulator"
  provider = descope.limited
}

inbox "short_sms" {
  driver   = "emulator"
  provider = descope.short
}
