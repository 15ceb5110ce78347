authbench {
  required_version = "the newest" # ERROR: Invalid version constraint
}

authbench { # ERROR: Duplicate block
}
