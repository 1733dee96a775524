"""Stage 1 of 5, part: prompts in other languages than English and Chinese. Knows no shot and no camera.

`telling` says which language a text is in; the rest puts a prompt's scene words into English, so that the one
grammar reads them, and puts the prompt's own words back into the screenplay.
"""
