provider "descope" {
  base_url = "emulator"
}

# ERROR: Empty scenario
scenario "nothing" {
}

# ERROR: Empty scenario
scenario "only_teardown" {
  teardown {
    step "descope_logout" "out" {}
  }
}
