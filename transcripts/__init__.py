"""Meetings become utterances: transcript formats, transcribers, speakers. May import core only."""
