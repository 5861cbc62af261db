"""What several commands ask for: an agency, a person, filters; and the help of all."""
