"""The platform on a server: what docker-compose.yml runs once at the start, and the sample study through it."""
