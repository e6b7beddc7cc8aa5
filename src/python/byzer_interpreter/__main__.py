"""Starts the session as the package ``byzer_interpreter``, whatever directory it lies in."""

import os
import sys

# Python puts this directory first on the path; nobody but the interpreter may import from it.
_HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != _HERE]
sys.path.insert(0, os.path.dirname(_HERE))
try:
    from byzer_interpreter.session import main
finally:
    sys.path.pop(0)

if __name__ == "__main__":
    main()
