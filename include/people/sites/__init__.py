"""What people ask about a site's profile: a draft, a trial, what a change would change, what it does not understand."""
