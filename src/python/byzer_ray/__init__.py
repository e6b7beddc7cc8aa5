"""The cluster's side of Byzer Agent: gateway, child actors, ledger, and the jobs that put them there."""

__version__ = "1"
