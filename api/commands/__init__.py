"""What each `junshi` command does, apart from reading its arguments."""
