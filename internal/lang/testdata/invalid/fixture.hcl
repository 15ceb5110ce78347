provider "descope" {
  base_url = "emulator"
}

dataset "people" {
  rows = [{ phone = "+12025550100" }]
}

fixture "empty" { # ERROR: Empty fixture
}

fixture "other" {
  scope    = "user" # ERROR: Invalid value
  for_each = []     # ERROR: Unsupported argument
  module "m" {}     # ERROR: Not supported yet

  step "pause" "p" {
    duration = dataset.people.row.phone # ERROR: Invalid reference
  }

  step "pause" "q" {
    duration = fixture.session.login_id # ERROR: Invalid reference
    timeout  = "${vu.id}s"              # ERROR: Invalid reference
  }

  output "vu" {
    value = vu.id # ERROR: Invalid reference
  }

  output "iteration" {
    value = iteration.id # ERROR: Invalid reference
  }
}

fixture "session" {
  scope   = "vu"
  timeout = "0s" # ERROR: Invalid duration

  locals {
    login_id = "vu-${vu.id}@example.test"
  }

  step "descope_embedded_link" "link" {
    login_id = local.login_id
  }

  step "descope_magiclink_verify" "verify" {
    token = step.link.token
  }

  step "descope_magiclink_verify" "verify" { # ERROR: Duplicate step
    token = step.link.token
  }

  output "login_id" {
    value = local.login_id
  }

  output "refresh_jwt" {
    value = step.verify.refresh_jwt # ERROR: Output refers to a sensitive value
  }
}

fixture "session" { # ERROR: Duplicate fixture
  step "pause" "p" {
    duration = "1s"
  }
}

scenario "x" {
  step "descope_me" "me" {
    refresh_jwt = fixture.session.refresh_jtw # ERROR: Unsupported attribute
  }

  step "descope_me" "again" {
    refresh_jwt = fixture.sesion.refresh_jwt # ERROR: Undeclared fixture
  }

  step "pause" "p" {
    duration = fixture.session # ERROR: Invalid reference
  }

  assert {
    condition     = fixture.session.login_id != ""
    error_message = "It is ${fixture.session.refresh_jwt}." # ERROR: Sensitive value in error message
  }
}
