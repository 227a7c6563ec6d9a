"""`python -m rutile` is the command `rutile`."""

from rutile.cli import main

if __name__ == "__main__":
    main()
