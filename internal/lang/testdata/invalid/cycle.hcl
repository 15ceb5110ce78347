provider "descope" {
  base_url = "emulator"
}

locals {
  a = local.b # ERROR: Cycle in locals
  b = local.c
  c = "${local.a}!"
  d = local.d # ERROR: Cycle in locals
  e = local.a
}

scenario "x" {
  locals {
    p = local.q # ERROR: Cycle in locals
    q = local.p
  }

  step "descope_otp_sign_up" "send" {
    login_id = "${local.p}${local.e}"
  }
}
