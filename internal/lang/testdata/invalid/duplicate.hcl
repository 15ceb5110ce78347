provider "descope" {
  base_url = "emulator"
}

provider "descope" { # ERROR: Duplicate provider
}

variable "v" {
  default = 1
}

variable "v" {} # ERROR: Duplicate variable

locals {
  l = var.v
}

locals {
  l = 2 # ERROR: Duplicate local
}

inbox "i" {}
inbox "i" {} # ERROR: Duplicate inbox

scenario "x" {
  locals {
    l = 3 # ERROR: Duplicate local
    m = 3
  }

  locals {
    m = 4 # ERROR: Duplicate local
  }

  setup {
    step "descope_user_create" "user" {
      login_id = local.l
    }
  }

  setup {} # ERROR: Duplicate block

  step "descope_me" "user" {} # ERROR: Duplicate step

  step "descope_me" "me" {
    expect {}
    expect {} # ERROR: Duplicate block
  }

  output "o" {
    value = local.m
  }

  output "o" { # ERROR: Duplicate output
    value = 2
  }
}

scenario "x" {} # ERROR: Duplicate scenario

authbench {}
authbench {} # ERROR: Duplicate block
