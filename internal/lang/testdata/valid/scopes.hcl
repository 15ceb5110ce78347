locals {
  a = local.b + 1
  b = 2
  c = { for k in ["x", "y"] : k => upper(k) }
}

provider "descope" {
  base_url = "emulator"
}

scenario "scopes" {
  locals {
    id    = uuid()
    mail  = "${local.id}@example.test"
    pin   = format("%06d", randint(0, 999999))
    late  = step.send.masked_email
    sum   = local.a * 10 + length(local.c)
    at    = timestamp()
    phone = fake_phone(iteration.id % 100)
  }

  step "descope_otp_sign_up" "send" {
    login_id    = local.mail
    method      = "email"
    description = "Sum ${local.c.x}."

    assert {
      condition     = self.status == 200 || self.error.code == "E${local.sum}"
      error_message = "${run.seed} ${path.module} ${provider.descope.project_id}"
    }
  }

  step "descope_otp_verify" "wrong" {
    login_id = step.send.login_id
    method   = step.send.method
    code     = local.pin
    when     = local.late != null && local.at != "" && local.phone != ""

    expect {
      status = 401
    }
  }
}
