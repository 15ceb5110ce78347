authbench {
  required_version = ">= 99" # ERROR: Unsupported version
  requird_version  = ">= 1"  # ERROR: Unsupported argument
}

whatever "x" {}
