"""自查: a draft is uploaded, judged beside what is known of its agency, and forgotten."""
