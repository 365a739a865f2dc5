"""`python -m ledger.replay`: the same as `python -m viewbank replay`."""

import runpy
import sys

if __name__ == "__main__":
    sys.argv.insert(1, "replay")
    runpy.run_module("viewbank", run_name="__main__", alter_sys=True)
