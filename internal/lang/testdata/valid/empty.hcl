# Nothing to run is no mistake.
