"""What happened: models, migrations, questions, and the archive of bytes."""
