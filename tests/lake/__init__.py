"""What goes past one machine, on servers of the tests' own, with what `make scale-install` brings."""
