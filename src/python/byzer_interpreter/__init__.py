"""The Python that runs a person's cells, dials back to its host, and keeps a transcript on its terminal.

Standard library only, Python 3.9 or later. Started as ``python -X utf8 path/to/byzer_interpreter``.
"""
