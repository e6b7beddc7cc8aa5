"""Validates a notebook, runs it from top to bottom in a plain kernel, and writes the notebook that came out."""

import asyncio
import sys

import nbformat
from nbclient import NotebookClient

source, result, folder = sys.argv[1:4]
if sys.platform == "win32":
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
notebook = nbformat.read(source, as_version=nbformat.NO_CONVERT)
nbformat.validate(notebook)
# The kernel inherits this process's environment; a notebook's folder is where its kernel starts.
NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, result)
