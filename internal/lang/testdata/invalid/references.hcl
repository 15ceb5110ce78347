provider "descope" {
  base_url = "emulator"
}

locals {
  early = iteration.id # ERROR: Invalid reference
  step  = step.send.ok # ERROR: Invalid reference
  whole = var          # ERROR: Invalid reference
  env   = path.home    # ERROR: Unsupported attribute
}

scenario "x" {
  locals {
    each = each.key         # ERROR: Invalid reference
    run  = run.sed          # ERROR: Unsupported attribute
    vu   = vu.index         # ERROR: Unsupported attribute
    it   = iteration.number # ERROR: Unsupported attribute
  }

  step "descope_otp_sign_up" "send" {
    login_id    = self.login_id                       # ERROR: Invalid reference
    phone       = steps.other.phone                   # ERROR: Invalid reference
    email       = local.nope                          # ERROR: Undeclared local
    whatsapp    = step.sent.phone                     # ERROR: Undeclared step
    user        = { name = provider.descop.base_url } # ERROR: Undeclared provider
    provider_id = provider.descope.base_uri           # ERROR: Unsupported attribute

    expect {
      status = self.stattus # ERROR: Unsupported attribute
    }
  }

  step "descope_me" "me" {
    refresh_jwt = step # ERROR: Invalid reference
  }
}
