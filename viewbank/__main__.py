"""`python -m viewbank`."""

from viewbank.cli import main

if __name__ == "__main__":
    main()
