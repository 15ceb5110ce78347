provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  locals {
    late  = step.send.login_id
    later = "${local.late}!"
  }

  setup {
    step "descope_user_create" "user" {
      login_id = step.send.login_id # ERROR: Forward reference
      name     = local.later        # ERROR: Forward reference
    }
  }

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  teardown {
    step "descope_user_delete" "cleanup" {
      login_id = step.cleanup.login_id # ERROR: Reference to itself
    }
  }
}
