"""What the planner may ask, where an operator set it up: translators and a language model that plans.

Implements `plan/ports.py`; knows no shot and no HTTP of our own. Nothing here is loaded, and no address is
asked, unless a setting names it.
"""
