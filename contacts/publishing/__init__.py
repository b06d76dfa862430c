"""Telling the public: hours, notices and events, from an officer's draft to the public pages, feeds and calendars."""
